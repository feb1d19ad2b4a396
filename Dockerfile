# syntax=docker/dockerfile:1
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY Directory.Build.props Directory.Packages.props BannedSymbols.txt .editorconfig global.json ./
COPY Aurion.Data/Aurion.Data.csproj Aurion.Data/packages.lock.json Aurion.Data/
COPY Aurion.Web/Aurion.Web.csproj Aurion.Web/packages.lock.json Aurion.Web/
RUN dotnet restore Aurion.Web
# The web, its data library, its SQL and the built assets; neither sandbox nor tests are here to be started by mistake.
COPY sql sql
COPY Aurion.Data Aurion.Data
COPY Aurion.Web Aurion.Web
RUN dotnet publish Aurion.Web --no-restore -c Release -o /app -p:UseAppHost=false -p:DebugType=none

# No shell and no package manager; "extra" brings the languages' rules (ICU) and the time zones.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled-extra
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
ENV ASPNETCORE_HTTP_PORTS=8080 DOTNET_gcServer=0
EXPOSE 8080
ENTRYPOINT ["dotnet", "Aurion.Web.dll"]

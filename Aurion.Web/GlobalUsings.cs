global using Aurion.Web.Infrastructure.Security;

using Aurion.Web;
using Aurion.Web.Account;
using Aurion.Web.Ai;
using Aurion.Web.Billing;
using Aurion.Web.Credits;
using Aurion.Web.Tools;

var command = Verbs.Parse(args);
if (command.ExitCode is { } exitCode)
    return exitCode;

var builder = WebApplication.CreateBuilder(args);
if (!builder.TryAddSettings(command))
    return 1;

builder.AddClock();
builder.AddLogging();
builder.AddDatabase();
builder.AddErrors();
builder.AddSecurity();
builder.AddPages();
builder.AddAccount();
builder.AddCredits();
builder.AddTools();
builder.AddAi();
builder.AddBilling();
builder.AddJobs(Schedule.Jobs);
builder.AddCommand(command);

var app = builder.Build();
if (!command.Serves)
    return await app.RunCommandAsync(command);

app.UseTransport();
app.UseMiddleware<RequestLog>().UseToolHost();
app.UseSecurityHeaders();
app.UseResponseCompression();
app.UseErrors();
app.UseMiddleware<LaunchFastPath>().UseRouting().UseToolPagesOnly();
app.UseMaintenance();
app.UseBodyLimits();
app.UseReadableBodies();
app.UseHtmx();
app.UseCorsAllowList();
app.UseAccount();
app.UseRequestLocalization().UseTimeZone();
app.UseRateLimiter();
app.UseCrossSiteGuard();
app.UseAuthorization();
app.UseAntiforgery();

app.MapPages();
app.MapHealth();
app.MapAccount();
app.MapCredits();
app.MapTools();
app.MapAi();
app.MapBilling();
app.MapJobDashboard(AccountRegistration.AdminPolicy);
return await app.ServeAsync();

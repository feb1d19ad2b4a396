global using Aurion.Web.Infrastructure;
global using Aurion.Web.Infrastructure.Cli;
global using Aurion.Web.Infrastructure.Errors;
global using Aurion.Web.Infrastructure.Jobs;
global using Aurion.Web.Infrastructure.Security;
global using Aurion.Web.Infrastructure.Settings;
global using Htmx;

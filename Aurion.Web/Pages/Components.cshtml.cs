using System.ComponentModel.DataAnnotations;
using Aurion.Web.Credits;
using Aurion.Web.Pages.Shared;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Aurion.Web.Pages;

/// <summary>The living page of every component, in Development only; ?frame=app shows it inside the signed-in frame.</summary>
public sealed class ComponentsModel(IHostEnvironment environment, TimeProvider clock) : PageModel
{
    [BindProperty]
    public InputModel Input { get; set; } = new();

    public DateTimeOffset Now => clock.GetUtcNow();

    public IActionResult OnGet(string? frame)
    {
        if (!environment.IsDevelopment())
            return NotFound();
        if (frame == "app")
            HttpContext.Features.Set(new Shell("plus", "active", Now.AddDays(9), 1840, ""));
        ViewData["Frame"] = frame;
        return Page();
    }

    public IActionResult OnPost(string? frame)
    {
        if (!ModelState.IsValid)
            return OnGet(frame);

        TempData.Toast("Saved.");
        return RedirectToPage(new { frame });
    }

    public sealed class InputModel
    {
        [Required, EmailAddress, Display(Name = "E-mail")]
        public string Email { get; set; } = "";

        [Required, StringLength(128, MinimumLength = 12), Display(Name = "Password")]
        public string Password { get; set; } = "";
    }
}

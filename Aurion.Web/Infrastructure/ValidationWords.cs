using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc.ModelBinding.Metadata;
using Microsoft.Extensions.Localization;

namespace Aurion.Web.Infrastructure;

/// <summary>Gives annotations that say nothing themselves a plain sentence, translated like any other.</summary>
public sealed class ValidationWords : IValidationMetadataProvider
{
    public void CreateValidationMetadata(ValidationMetadataProviderContext context)
    {
        foreach (var attribute in context.ValidationMetadata.ValidatorMetadata.OfType<ValidationAttribute>())
        {
            if (attribute.ErrorMessage is null && attribute.ErrorMessageResourceName is null)
                attribute.ErrorMessage = Default(attribute);
        }
    }

    /// <summary>Words of the feature that owns the page, else the shared ones.</summary>
    public static IStringLocalizer Localizer(Type model, IStringLocalizerFactory factory)
    {
        var shared = factory.Create(typeof(SharedText));
        var feature = model.Namespace?.Split('.').Last();
        return typeof(SharedText).Assembly.GetType($"Aurion.Web.{feature}.{feature}Text") is { } words
            ? new FirstFound(factory.Create(words), shared)
            : shared;
    }

    private static string? Default(ValidationAttribute attribute) => attribute switch
    {
        RequiredAttribute => "Please fill in this field.",
        EmailAddressAttribute => "This does not look like an e-mail address.",
        StringLengthAttribute { MinimumLength: > 0 } => "Between {2} and {1} characters, please.",
        StringLengthAttribute or MaxLengthAttribute => "At most {1} characters, please.",
        MinLengthAttribute => "At least {1} characters, please.",
        RangeAttribute => "A number from {1} to {2}, please.",
        AllowedValuesAttribute => "Please choose one of the values offered.",
        _ => null,
    };

    private sealed class FirstFound(IStringLocalizer first, IStringLocalizer second) : IStringLocalizer
    {
        public LocalizedString this[string name] => first[name] is { ResourceNotFound: false } found ? found : second[name];

        public LocalizedString this[string name, params object[] arguments] =>
            first[name, arguments] is { ResourceNotFound: false } found ? found : second[name, arguments];

        public IEnumerable<LocalizedString> GetAllStrings(bool includeParentCultures) =>
            first.GetAllStrings(includeParentCultures).Concat(second.GetAllStrings(includeParentCultures));
    }
}

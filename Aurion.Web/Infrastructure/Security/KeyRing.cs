using System.Xml.Linq;
using Aurion.Data.Infrastructure;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Aurion.Web.Infrastructure.Security;

/// <summary>Every node protects with the same keys, so a form of one may be posted to another.</summary>
internal sealed class KeyRing(DataProtectionKeyStore keys) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => [.. keys.List().Select(xml => XElement.Parse(xml))];

    public void StoreElement(XElement element, string friendlyName) => keys.Add(friendlyName, element.ToString(SaveOptions.DisableFormatting));
}

public static class KeyRingRegistration
{
    public static void AddKeyRing(this WebApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddDataProtection().SetApplicationName("aurion");
        builder.Services.AddOptions<KeyManagementOptions>().Configure<DataProtectionKeyStore>((options, keys) => options.XmlRepository = new KeyRing(keys));
    }
}

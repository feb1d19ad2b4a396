using Aurion.Sandbox.Host;

namespace Aurion.Sandbox.Tests.Host;

public sealed class SandboxSecretsTests
{
    [Fact]
    public async Task Sandboxes_that_start_together_in_a_fresh_clone_use_the_same_keys()
    {
        for (var round = 0; round < 200; round++)
        {
            var folder = Directory.CreateTempSubdirectory("aurion-secrets-").FullName;
            var secrets = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => SandboxSecrets.LoadOrCreateAsync(folder))));

            Assert.Single(secrets.Distinct());
            Assert.Equal(["secrets.json"], Directory.GetFiles(folder).Select(Path.GetFileName));
            Directory.Delete(folder, recursive: true);
        }
    }
}

using System.IO.Compression;
using System.Net;
using Aurion.Data.Ai;
using Aurion.Web.Ai.Images;
using Aurion.Web.Infrastructure.Settings;
using Aurion.Web.Infrastructure.Storage;
using Aurion.Web.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace Aurion.Web.Tests.Ai;

/// <summary>Files of pictures in S3-compatible storage: stored before they are paid, read by their owner, deleted with what they belong to.</summary>
public sealed class PictureStorageTests(PictureStorageApp app) : IClassFixture<PictureStorageApp>, IAsyncLifetime
{
    // Each test begins with an empty storage that answers.
    public async Task InitializeAsync()
    {
        app.Storage.IsAway = false;
        await app.ExecuteAsync("DELETE FROM unused_objects");
        app.Storage.Objects.Clear();
        app.Storage.Refused.Clear();
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_picture_lies_in_the_storage_and_only_its_owner_reads_it()
    {
        var (owner, stranger) = (await app.GivenUserAsync(100), await app.GivenUserAsync(100));
        var picture = Assert.Single(await app.DrawAsync(owner, "a lamp"));

        Assert.Equal(("done", 10), (picture.State, picture.Credits));
        Assert.Empty(app.Storage.Refused);
        var names = app.Storage.Objects.Keys.Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(2, names.Length);
        Assert.All(names, name => Assert.StartsWith($"pictures/{owner.Id}/{picture.Id}/", name, StringComparison.Ordinal));
        Assert.Equal((2, 0), (await CountAsync("picture_files WHERE user_id = @Id AND content IS NULL", owner), await CountAsync("unused_objects", owner)));
        Assert.Equal(app.Storage.Objects[names[0]], await app.SignedInAs(owner).Http.GetByteArrayAsync(new Uri(picture.Url!, UriKind.Relative)));
        Assert.Equal(app.Storage.Objects[names[1]], await app.SignedInAs(owner).Http.GetByteArrayAsync(new Uri(picture.ThumbnailUrl!, UriKind.Relative)));
        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(stranger).GetAsync(picture.Url!)).StatusCode);
    }

    [Fact]
    public async Task The_export_has_the_picture()
    {
        var user = await app.GivenUserAsync(100);
        var picture = Assert.Single(await app.DrawAsync(user, "a boat"));

        await using var archive = new ZipArchive(new MemoryStream(await app.WithToken(user).Http.GetByteArrayAsync(new Uri("/api/gdpr/export", UriKind.Relative))));
        await using var entry = await archive.GetEntry($"pictures/{picture.Id}.jpg")!.OpenAsync();
        using var content = new MemoryStream();
        await entry.CopyToAsync(content);

        Assert.Contains(app.Storage.Objects.Values, stored => stored.SequenceEqual(content.ToArray()));
    }

    [Fact]
    public async Task A_deleted_picture_leaves_the_storage_and_so_does_a_closed_account()
    {
        var (one, other) = (await app.GivenUserAsync(100), await app.GivenUserAsync(100));
        var picture = Assert.Single(await app.DrawAsync(one, "a lamp"));
        await app.DrawAsync(other, "a boat", count: 2);
        Assert.Equal(6, app.Storage.Objects.Count);

        Assert.True(await app.Services.GetRequiredService<PictureStore>().DeleteAsync(one.Id, picture.Id));
        await app.DeleteUnusedAsync();
        Assert.Equal(4, app.Storage.Objects.Count);

        await app.ExecuteAsync("SELECT close_account(@Id, @now)", new { other.Id, now = app.Clock.GetUtcNow() });
        await app.DeleteUnusedAsync();
        Assert.Empty(app.Storage.Objects);
        Assert.Equal(0, await CountAsync("unused_objects", one));
    }

    [Fact]
    public async Task Storage_that_is_away_costs_nobody_a_picture()
    {
        var user = await app.GivenUserAsync(100);
        app.Storage.IsAway = true;
        var picture = Assert.Single(await app.DrawAsync(user, "a lamp"));

        Assert.Equal(("done", 10), (picture.State, picture.Credits));
        Assert.Equal((2, 1), (await CountAsync("picture_files WHERE user_id = @Id AND content IS NOT NULL", user), await app.RowsAsync(user)));
        Assert.Equal(HttpStatusCode.OK, (await app.SignedInAs(user).GetAsync(picture.Url!)).StatusCode);
        Assert.Contains("SlowDown", await app.ScalarAsync<string>("SELECT error FROM job_failures WHERE job = 'DrawPicturesJob' AND subject LIKE '%' || @Id || '%'", new { user.Id }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_picture_that_cannot_be_read_now_is_503_and_is_there_again_later()
    {
        var user = await app.GivenUserAsync(100);
        var picture = Assert.Single(await app.DrawAsync(user, "a lamp"));
        app.Storage.IsAway = true;

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await app.SignedInAs(user).GetAsync(picture.Url!)).StatusCode);
        app.Storage.IsAway = false;
        Assert.Equal(HttpStatusCode.OK, (await app.SignedInAs(user).GetAsync(picture.Url!)).StatusCode);
    }

    [Fact]
    public async Task An_object_that_the_storage_has_lost_holds_up_neither_the_page_nor_the_export()
    {
        var user = await app.GivenUserAsync(100);
        var (lost, kept) = (Assert.Single(await app.DrawAsync(user, "a lamp")), Assert.Single(await app.DrawAsync(user, "a boat")));
        foreach (var key in app.Storage.Objects.Keys.Where(key => key.Contains(lost.Id.ToString(), StringComparison.Ordinal)))
            app.Storage.Objects.Remove(key, out _);

        Assert.Equal(HttpStatusCode.NotFound, (await app.SignedInAs(user).GetAsync(lost.Url!)).StatusCode);
        await using var archive = new ZipArchive(new MemoryStream(await app.WithToken(user).Http.GetByteArrayAsync(new Uri("/api/gdpr/export", UriKind.Relative))));
        Assert.Equal([$"pictures/{kept.Id}.jpg"], archive.Entries.Select(entry => entry.FullName).Where(name => name.StartsWith("pictures/", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Objects_that_never_became_a_picture_are_deleted_after_a_day()
    {
        var user = await app.GivenUserAsync(100);
        var keys = PictureKeys.Create(user.Id, app.NewRun(), app.Clock.GetUtcNow());
        var (pictures, storage) = (app.Services.GetRequiredService<PictureStore>(), app.Services.GetRequiredService<IObjectStorage>());
        await pictures.ExpectObjectsAsync(keys);
        await storage.PutAsync(keys.Picture, [1, 2, 3], "image/jpeg", CancellationToken.None);

        await app.DeleteUnusedAsync();
        Assert.Single(app.Storage.Objects);
        app.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        app.Storage.IsAway = true;
        await Assert.ThrowsAsync<StorageAwayException>(app.DeleteUnusedAsync);
        Assert.Equal(2, await CountAsync("unused_objects", user));
        app.Storage.IsAway = false;
        app.Clock.Advance(TimeSpan.FromMinutes(10) + TimeSpan.FromSeconds(1));
        await app.DeleteUnusedAsync();
        Assert.Equal((0, 0), (app.Storage.Objects.Count, await CountAsync("unused_objects", user)));
    }

    [Fact]
    public async Task A_second_worker_with_the_same_picture_replaces_nothing()
    {
        var user = await app.GivenUserAsync(100);
        var picture = Assert.Single(await app.DrawAsync(user, "a lamp"));
        var before = await app.SignedInAs(user).Http.GetByteArrayAsync(new Uri(picture.Url!, UriKind.Relative));

        var claimed = new ClaimedPicture(user.Id, picture.Id, "a lamp", "none", "1:1", PictureApp.Flux, 2, null, 1, 0, app.Clock.GetUtcNow(), null, 0);
        var end = await app.Services.GetRequiredService<PictureArchive>().DeliverAsync(claimed, new PictureFile([1], [2], 1, 1), 1, null);

        Assert.Equal(("done", 10, false), (end.State, end.Credits, end.IsFirst));
        Assert.Equal(before, await app.SignedInAs(user).Http.GetByteArrayAsync(new Uri(picture.Url!, UriKind.Relative)));
        app.Clock.Advance(TimeSpan.FromDays(1) + TimeSpan.FromSeconds(1));
        await app.DeleteUnusedAsync();
        Assert.Equal(before, await app.SignedInAs(user).Http.GetByteArrayAsync(new Uri(picture.Url!, UriKind.Relative)));
        Assert.Equal((2, 1), (app.Storage.Objects.Count, await app.RowsAsync(user)));
    }

    [Fact]
    public async Task A_wrong_secret_is_told_in_the_words_of_the_storage()
    {
        using var storage = new S3Storage(app.Options("another secret"));
        var refused = await Assert.ThrowsAsync<StorageAwayException>(() => storage.PutAsync("a", [1], "image/jpeg", CancellationToken.None));
        Assert.Contains("SignatureDoesNotMatch", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("another secret", refused.ToString(), StringComparison.Ordinal);
    }

    private Task<int> CountAsync(string what, TestUser user) => app.ScalarAsync<int>($"SELECT count(*)::int FROM {what}", new { user.Id });
}

/// <summary>The application with pictures in S3-compatible storage.</summary>
public sealed class PictureStorageApp : PictureApp
{
    internal S3StandIn Storage { get; private set; } = null!;

    protected override IDictionary<string, string> Settings => new Dictionary<string, string>(base.Settings, StringComparer.Ordinal)
    {
        ["S3_BUCKET"] = S3StandIn.Bucket,
        ["S3_ENDPOINT"] = Storage.Address.ToString(),
        ["S3_REGION"] = S3StandIn.Region,
        ["S3_ACCESS_KEY_ID"] = S3StandIn.AccessKeyId,
        ["S3_SECRET_ACCESS_KEY"] = S3StandIn.SecretAccessKey,
    };

    public override async Task InitializeAsync()
    {
        Storage = await S3StandIn.StartAsync();
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Storage.DisposeAsync();
    }

    public StorageOptions Options(string secret) =>
        new() { Bucket = S3StandIn.Bucket, Endpoint = Storage.Address, Region = S3StandIn.Region, AccessKeyId = S3StandIn.AccessKeyId, SecretAccessKey = secret };

    public async Task DeleteUnusedAsync()
    {
        await using var scope = Services.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<DeleteUnusedObjectsJob>().RunAsync(CancellationToken.None);
    }
}

using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Incidents.Journal;

namespace Incidents.Server.Hosting;

/// <summary>The server that holds a data folder, as a command sees it.</summary>
internal sealed class LocalServer : IDisposable
{
    private readonly HttpClient _client;

    private LocalServer(LocalAddress address, string? url)
    {
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(url ?? address.Url), Timeout = Timeout.InfiniteTimeSpan };
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", address.Token);
    }

    /// <summary>The server that serves from a folder; <see langword="null"/>: no process holds it.</summary>
    /// <param name="url">Where it is reached, when not at the address that it left in the folder.</param>
    public static LocalServer? Find(string folder, string? url)
    {
        if (!DataFolder.IsInUse(folder))
            return null;
        var address = LocalDoor.Find(folder) ?? throw new JournalRefusedException($"{folder} is in use by a process that does not serve; wait until it has started or ended");
        return new LocalServer(address, url);
    }

    /// <summary>Has the server do something, however long it takes.</summary>
    /// <exception cref="JournalRefusedException">It does not answer, or refuses; one line.</exception>
    public async Task<JsonElement> PostAsync(string path, object body)
    {
        try
        {
            using var content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
            using var answer = await _client.PostAsync(new Uri(path, UriKind.Relative), content);
            var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
            return answer.IsSuccessStatusCode ? json : throw new JournalRefusedException(json.GetProperty("detail").GetString()!);
        }
        catch (Exception cut) when (cut is HttpRequestException or JsonException or IOException)
        {
            throw new JournalRefusedException($"the server at {_client.BaseAddress} did not answer: {cut.Message}");
        }
    }

    public void Dispose() => _client.Dispose();
}

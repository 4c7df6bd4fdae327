using Incidents.Integrations.Delivery;

namespace Incidents.Integrations.Tests.Delivery;

public class EnvironmentAndFileSecretsTests
{
    private readonly EnvironmentAndFileSecrets _secrets = new();

    [Fact]
    public void Read_Variable_IsItsTrimmedValue()
    {
        var name = "INCIDENTS_TEST_" + Guid.NewGuid().ToString("N");
        Environment.SetEnvironmentVariable(name, " s3cret\n");

        Assert.Equal(SecretLookup.Found("s3cret"), _secrets.Read("env:" + name));
    }

    [Fact]
    public void Read_File_IsReadAfreshEachTime()
    {
        using var file = new TemporaryFile();
        File.WriteAllText(file.Path, "old\n");
        Assert.Equal("old", _secrets.Read("file:" + file.Path).Value);

        File.WriteAllText(file.Path, "new\n");
        Assert.Equal("new", _secrets.Read("file:" + file.Path).Value);
    }

    [Fact]
    public void Read_FileOverTheLimit_IsRefused()
    {
        using var file = new TemporaryFile();
        File.WriteAllText(file.Path, new string('x', 64 * 1024 + 1));

        Assert.Contains("longer", _secrets.Read("file:" + file.Path).Problem);
    }

    [Theory]
    [InlineData("env:INCIDENTS_NO_SUCH_VARIABLE", "absent or empty")]
    [InlineData("env:", "absent or empty")]
    [InlineData("file:/no/such/file", "cannot be read: DirectoryNotFoundException")]
    [InlineData("file:", "cannot be read: ArgumentException")]
    [InlineData("file:/", "cannot be read: UnauthorizedAccessException")]
    public void Read_NothingThere_SaysWhich(string reference, string problem)
    {
        var lookup = _secrets.Read(reference);

        Assert.Null(lookup.Value);
        Assert.Equal(reference + (problem[0] == 'a' ? " is " : " ") + problem, lookup.Problem);
    }

    [Theory]
    [InlineData("whsec_inlineSecret")]
    [InlineData("vault:x")]
    public void Read_NotAReference_IsRefusedWithoutRepeatingIt(string reference)
    {
        var lookup = _secrets.Read(reference);

        Assert.Null(lookup.Value);
        Assert.DoesNotContain(reference, lookup.Problem);
    }

    [Fact]
    public void ToString_OfAFoundSecret_DoesNotShowIt() => Assert.DoesNotContain("s3cret", SecretLookup.Found("s3cret").ToString());

    private sealed class TemporaryFile : IDisposable
    {
        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}

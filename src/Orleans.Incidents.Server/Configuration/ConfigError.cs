using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Incidents.Services;

namespace Incidents.Server.Configuration;

/// <summary>One thing that is wrong with a configuration file.</summary>
/// <param name="File">The file as the caller named it.</param>
/// <param name="Line">Counts from 1; 0: the file as a whole, for instance because it is absent.</param>
/// <param name="Column">Counts from 1; 0 together with <paramref name="Line"/>.</param>
/// <param name="Path">The key in question, such as <c>services.checkout.policy</c>; empty: the text itself, not a key.</param>
/// <param name="Message">What is wrong, in one line; never contains a secret.</param>
public sealed record ConfigError(string File, int Line, int Column, string Path, string Message)
{
    /// <summary>The error as it is printed: <c>file:line:column: path: message</c>.</summary>
    public override string ToString() =>
        (Line == 0 ? File : $"{File}:{Line}:{Column}") + (Path.Length == 0 ? "" : $": {Path}") + $": {Message}";
}

/// <summary>Either a catalogue, or at least one error; never both.</summary>
/// <param name="Catalogue"><see langword="null"/> exactly when there are errors.</param>
/// <param name="Errors">In the order of the file.</param>
public sealed record LoadResult(Catalogue? Catalogue, ImmutableArray<ConfigError> Errors)
{
    /// <summary>What is accepted and should be written differently, in the order of the file. Default: nothing.</summary>
    public ImmutableArray<ConfigError> Warnings { get; init; } = [];

    /// <summary>Whether there is a catalogue.</summary>
    [MemberNotNullWhen(true, nameof(Catalogue))]
    public bool Succeeded => Catalogue is not null;
}

using Incidents.Alerts;
using Incidents.Routing.Matchers;
using Incidents.Server.Hosting;

namespace Incidents.Server.Preview;

/// <summary>Labels as arguments of a command, read as amtool reads them: each is a matcher with <c>=</c>.</summary>
internal static class LabelArguments
{
    /// <summary>The labels; of a name given twice the later.</summary>
    /// <exception cref="ConfigRefusedException">One is no such matcher.</exception>
    public static LabelSet Read(IEnumerable<string> arguments, MatcherMode mode) => LabelSet.Of(arguments.Select(a => Read(a, mode)));

    private static KeyValuePair<string, string> Read(string argument, MatcherMode mode)
    {
        if (!MatcherParser.ParseOne(argument, mode).TryGet(out var matcher, out var error))
            throw new ConfigRefusedException($"'{Spoken.OneLine(argument)}' is not of the form label=value: {Spoken.OneLine(error.Message)}");
        return matcher.Operator == MatchOperator.Equal
            ? KeyValuePair.Create(matcher.Name, matcher.Value)
            : throw new ConfigRefusedException($"'{Spoken.OneLine(argument)}' is not of the form label=value: an alert's labels are given with =");
    }
}

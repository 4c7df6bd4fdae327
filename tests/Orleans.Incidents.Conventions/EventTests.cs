using System.Reflection;
using System.Text.RegularExpressions;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Engine.Codec;

namespace Incidents.Conventions;

/// <summary>C# cannot prove that a list of events is complete; these tests do.</summary>
public partial class EventTests
{
    private static readonly Type[] CoreTypes = typeof(Reason).Assembly.GetTypes();

    public static TheoryData<Type> Events => [.. CoreTypes.Where(t => t.IsAssignableTo(typeof(IEvent)) && !t.IsInterface)];

    public static TheoryData<Type> Stored => [.. Payloads.Types.Values];

    private static IEnumerable<MethodInfo> Folds =>
        CoreTypes.Select(t => t.GetMethod("Evolve", BindingFlags.Public | BindingFlags.Static)).OfType<MethodInfo>();

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_event_has_a_stable_name(Type type) => Assert.Contains(type, Payloads.Types.Values);

    [Theory]
    [MemberData(nameof(Events))]
    public void Every_event_is_folded_by_exactly_one_actor(Type type) =>
        Assert.Single(Folds, fold => Knows(fold, Samples.Of(type)));

    [Theory]
    [MemberData(nameof(Stored))]
    public void Everything_stored_reads_back_as_it_was_however_often(Type type)
    {
        var sample = Samples.Of(type);
        var (name, bytes) = Payloads.Write(sample);
        var read = Payloads.Read(name, bytes);
        var again = Payloads.Read(name, Payloads.Write(read).Bytes);
        Assert.Equal(Samples.Text(sample), Samples.Text(read));
        Assert.Equal(Samples.Text(sample), Samples.Text(again));
        Assert.Equal(bytes, Payloads.Write(again).Bytes);
    }

    [Fact]
    public void Every_command_that_a_rule_sends_has_a_stable_name()
    {
        var commands = CoreTypes.Where(t => t.IsAssignableTo(typeof(ICommand)) && !t.IsInterface).ToDictionary(t => t.Name, StringComparer.Ordinal);
        var sent = Sources.Below("src/Orleans.Incidents.Core").SelectMany(f => f.Code).SelectMany(line => Made().Matches(line)).Select(m => m.Groups["name"].Value)
            .Where(commands.ContainsKey).Distinct(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(sent);
        Assert.All(sent, name => Assert.True(Payloads.Types.Values.Contains(commands[name]), $"{name} is sent and has no stored form"));
    }

    [Fact]
    public void Names_are_an_actors_a_point_for_events_and_a_colon_for_commands() =>
        Assert.All(Payloads.Types, t => Assert.Matches(t.Value.IsAssignableTo(typeof(IEvent)) ? EventName() : CommandName(), t.Key));

    private static bool Knows(MethodInfo fold, object happened)
    {
        var initial = fold.DeclaringType!.GetProperty("Initial", BindingFlags.Public | BindingFlags.Static)!.GetValue(null);
        try
        {
            fold.Invoke(null, [initial, happened]);
            return true;
        }
        catch (TargetInvocationException failed)
        {
            // An event out of order may find nothing to change; what counts is that the actor has a line for it.
            return failed.InnerException is not UnknownEventException;
        }
    }

    [GeneratedRegex(@"\bnew (?<name>\w+)\(", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Made();

    [GeneratedRegex(@"^[a-z]+\.[a-z-]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex EventName();

    [GeneratedRegex(@"^[a-z]+:[a-z-]+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex CommandName();
}

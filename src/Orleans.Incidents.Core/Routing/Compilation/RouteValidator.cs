using System.Collections.Immutable;
using Incidents.Grouping;
using Incidents.Routing.Matchers;
using NodaTime;

namespace Incidents.Routing.Compilation;

/// <summary>The rules a written route must keep (Alertmanager's config package), apart from what its matchers say.</summary>
internal sealed class RouteValidator(RouteTreeOptions options)
{
    private readonly ImmutableArray<RouteError>.Builder _errors = ImmutableArray.CreateBuilder<RouteError>();

    public ImmutableArray<RouteError> Errors => _errors.ToImmutable();

    public void Report(RouteProblem problem, ImmutableArray<RouteStep> path, string message) =>
        _errors.Add(new RouteError(problem, path, message));

    /// <summary>What holds for the root only: it is where every alert ends that no other route takes.</summary>
    public void CheckRoot(RouteNode root)
    {
        if (string.IsNullOrEmpty(root.Receiver))
            Report(RouteProblem.MissingReceiver, [], "root route must specify a default receiver");
        RefuseOnRoot(!root.Match.IsEmpty, RouteProblem.RootHasMatchers, "match", "any matchers");
        RefuseOnRoot(!root.MatchRe.IsEmpty, RouteProblem.RootHasMatchers, "match_re", "any matchers");
        RefuseOnRoot(!root.Matchers.IsEmpty, RouteProblem.RootHasMatchers, "matchers", "any matchers");
        RefuseOnRoot(root.Continue, RouteProblem.RootContinues, "continue", "continue");
        RefuseOnRoot(!root.MuteTimeIntervals.IsEmpty, RouteProblem.RootHasTimeIntervals, "mute_time_intervals", "any mute time intervals");
        RefuseOnRoot(!root.ActiveTimeIntervals.IsEmpty, RouteProblem.RootHasTimeIntervals, "active_time_intervals", "any active time intervals");
    }

    /// <summary>What holds for every route, the root included.</summary>
    public void Check(RouteNode node, ImmutableArray<RouteStep> path)
    {
        if (!string.IsNullOrEmpty(node.Receiver) && options.Receivers?.Contains(node.Receiver) == false)
            Report(RouteProblem.UnknownReceiver, [.. path, new("receiver")], $"undefined receiver \"{node.Receiver}\" used in route");
        CheckNames(node.Match.Keys, "match", MatcherMode.Classic, path);
        CheckNames(node.MatchRe.Keys, "match_re", MatcherMode.Classic, path);
        CheckNames(node.Labels.Keys, "labels", options.Mode, path);
        CheckGroupBy(node.GroupBy ?? [], [.. path, new("group_by")]);
        CheckDuration(node.GroupWait, "group_wait", mayBeZero: true, path);
        CheckDuration(node.GroupInterval, "group_interval", mayBeZero: false, path);
        CheckDuration(node.RepeatInterval, "repeat_interval", mayBeZero: false, path);
        CheckDuration(node.ReopenWindow, "reopen_window", mayBeZero: true, path);
        CheckDuration(node.FlapWindow, "flap_window", mayBeZero: false, path);
        CheckCount(node.FlapCount is null or 0 or (>= 2 and <= FlapRule.MaxCount), "flap_count", $"must be 0 (never) or from 2 to {FlapRule.MaxCount}", path);
        CheckDuration(node.OpenWithin, "open_within", mayBeZero: false, path);
        CheckCount(node.OpenAfter is null or (>= 1 and <= OpeningThreshold.MaxAfter), "open_after", $"must be from 1 to {OpeningThreshold.MaxAfter}", path);
        CheckIntervals(node.MuteTimeIntervals, [.. path, new("mute_time_intervals")]);
        CheckIntervals(node.ActiveTimeIntervals, [.. path, new("active_time_intervals")]);
    }

    private void RefuseOnRoot(bool present, RouteProblem problem, string field, string what)
    {
        if (present)
            Report(problem, [new(field)], $"root route must not have {what}");
    }

    /// <summary>The old matchers' names are classic in every mode, as in Alertmanager.</summary>
    private void CheckNames(IEnumerable<string> names, string field, MatcherMode mode, ImmutableArray<RouteStep> path)
    {
        foreach (var name in names.Where(n => !MatcherGrammar.IsLabelName(n, mode)))
            Report(RouteProblem.InvalidLabelName, [.. path, new(field), new(name)], $"invalid label name \"{name}\"");
    }

    private void CheckGroupBy(ImmutableArray<string> names, ImmutableArray<RouteStep> path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < names.Length; i++)
        {
            if (names[i] == RouteCompiler.Wildcard)
                continue;
            if (!MatcherGrammar.IsLabelName(names[i], options.Mode))
                Report(RouteProblem.InvalidLabelName, [.. path, new(null, i)], $"invalid label name \"{names[i]}\" in group_by list");
            else if (!seen.Add(names[i]))
                Report(RouteProblem.DuplicateGroupLabel, [.. path, new(null, i)], $"duplicated label \"{names[i]}\" in group_by");
        }

        if (seen.Count > 0 && names.Contains(RouteCompiler.Wildcard))
            Report(RouteProblem.WildcardBesideLabels, path, "cannot have wildcard group_by (`...`) and other labels at the same time");
    }

    private void CheckDuration(Duration? duration, string field, bool mayBeZero, ImmutableArray<RouteStep> path)
    {
        if (duration < Duration.Zero || (duration == Duration.Zero && !mayBeZero))
            Report(RouteProblem.InvalidDuration, [.. path, new(field)], $"{field} cannot be {(duration < Duration.Zero ? "negative" : "zero")}");
    }

    private void CheckCount(bool isGood, string field, string rule, ImmutableArray<RouteStep> path)
    {
        if (!isGood)
            Report(RouteProblem.InvalidCount, [.. path, new(field)], $"{field} {rule}");
    }

    private void CheckIntervals(ImmutableArray<string> names, ImmutableArray<RouteStep> path)
    {
        for (var i = 0; i < names.Length; i++)
        {
            if (options.TimeIntervals?.ContainsKey(names[i]) == false)
                Report(RouteProblem.UnknownTimeInterval, [.. path, new(null, i)], $"undefined time interval \"{names[i]}\" used in route");
        }
    }
}

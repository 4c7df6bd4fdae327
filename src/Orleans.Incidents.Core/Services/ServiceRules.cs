using Incidents.Alerts;
using Incidents.Audit;
using Incidents.Decisions;
using Incidents.Incidents;
using Incidents.Throttling;

namespace Incidents.Services;

/// <summary>
/// Whether a new problem opens an incident of its own. Past the opening budget nothing is refused and nothing is lost: problems join
/// the storm incident. Critical ones have a reserve: whoever has taken a storm on still hears of the next few of them, each by a page
/// of its own; how often the storm itself pages is <see cref="StormGrowth"/>'s.
/// </summary>
public static class ServiceRules
{
    /// <summary>Decides on a command. Pure.</summary>
    public static Decision Decide(StreamId self, ServiceState state, ICommand command, TurnInput input) => command switch
    {
        ConfigureService c => Decision.Of(Reason.Configured, new ServiceConfigured(c.Definition, c.Policy)),
        AdmitProblem c => Admit(self, state, c, input),
        EndStorm c => state.Storm?.Incident == c.Incident
            ? Decision.Of(Reason.StormOver, new StormEnded(c.Incident))
            : Decision.Nothing(Reason.NoSuchStorm),
        _ => throw new UnknownCommandException(command),
    };

    private static Decision Admit(StreamId self, ServiceState state, AdmitProblem problem, TurnInput input)
    {
        var charge = Gcra.Charge(state.OpeningBudget, state.Spent.GetValueOrDefault(input.By.Authority, GcraState.Full), input.Now, 1);
        if (charge.Allowed)
        {
            return Decision.Of(Reason.OpenedIncident, new ProblemAdmitted(problem.Group, problem.Incident, input.By.Authority, charge.State),
                Open(self, state, problem, IncidentKind.Problem, problem.Title));
        }

        return problem.Severity == Severity.Critical && state.CriticalReserve is { } reserve
            ? AdmitCritical(self, state, problem, reserve, input)
            : IntoStorm(self, state, problem, Reason.JoinedStorm, input);
    }

    private static Decision AdmitCritical(StreamId self, ServiceState state, AdmitProblem problem, Budget reserve, TurnInput input)
    {
        var charge = Gcra.Charge(reserve, state.Reserved.GetValueOrDefault(input.By.Authority, GcraState.Full), input.Now, 1);
        return charge.Allowed
            ? Decision.Of(Reason.OpenedFromReserve, new CriticalAdmitted(problem.Group, problem.Incident, input.By.Authority, charge.State),
                Open(self, state, problem, IncidentKind.Problem, problem.Title, Reason.OpenedFromReserve))
            : IntoStorm(self, state, problem, Reason.ReserveSpent, input);
    }

    private static Decision IntoStorm(StreamId self, ServiceState state, AdmitProblem problem, Reason why, TurnInput input)
    {
        if (state.Storm is { } storm)
        {
            return Decision.Of(why, new ProblemJoinedStorm(problem.Group, storm.Incident, input.By.Authority),
                new Message(StreamId.Incident(storm.Incident),
                    new JoinIncident(problem.Group, problem.Episode, problem.Incident, self.Key, problem.Title, problem.Severity, problem.Labels, why)));
        }

        return Decision.Of(Reason.StormBegan, new StormStarted(problem.Group, problem.Incident, input.By.Authority, input.Now),
            Open(self, state, problem, IncidentKind.Storm, $"Storm on {state.Definition?.Title ?? self.Key}: {input.By.Authority} is past its opening budget; first: {problem.Title}"));
    }

    // A service that the catalogue no longer has still gets its incidents: they page nobody and say so.
    private static Message Open(StreamId self, ServiceState state, AdmitProblem problem, IncidentKind kind, string title, Reason? why = null) => new(
        StreamId.Incident(problem.Incident),
        new OpenIncident(
            kind, self.Key, title, problem.Severity ?? Severity.Error, state.Definition?.PageFrom ?? Severity.Error,
            problem.Labels, problem.Group, problem.Episode, state.Policy?.Steps ?? [], state.Policy?.Repeat ?? 0,
            state.Definition?.AcknowledgementLease ?? ServiceDefinition.DefaultAcknowledgementLease, why));
}

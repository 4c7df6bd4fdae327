namespace Incidents.Audit;

/// <summary>
/// Why something was decided as it was: one member an outcome, stored with the event, shown to people, used as a metric's
/// label. Names are stable; new ones are added at the end of their part. The rule index in docs/reasons.md has a row for each.
/// </summary>
public enum Reason
{
    /// <summary>The request body is not well-formed in its format (for instance not JSON).</summary>
    Malformed,
    /// <summary>The body is well-formed but nests deeper than allowed.</summary>
    TooDeep,
    /// <summary>The body or a part of it is larger than allowed.</summary>
    TooLarge,
    /// <summary>A field has the wrong type or the wrong shape.</summary>
    WrongType,
    /// <summary>A required field is absent or empty.</summary>
    MissingField,
    /// <summary>A field has a value that its format does not allow.</summary>
    InvalidValue,

    // Alert groups
    /// <summary>The first firing alert of a group key: an incident is asked for.</summary>
    OpenedGroup,
    /// <summary>The first firing alert of a group key on a route with group_wait: the incident is asked for when the wait is over.</summary>
    WaitsForGroup,
    /// <summary>The wait is over and an alert still fires.</summary>
    GroupWaitOver,
    /// <summary>The group fires again within its route's re-open window: its last incident opens again.</summary>
    ReopenedWithinWindow,
    /// <summary>A further alert of an open group.</summary>
    JoinedGroup,
    /// <summary>An alert of an open group fires again after it had ended.</summary>
    FiredAgain,
    /// <summary>A firing alert changed its urgency, its beginning or its time-out.</summary>
    AlertChanged,
    /// <summary>The alert repeats what is known; it is counted.</summary>
    Repeated,
    /// <summary>An acknowledgement or a resolve for which nothing is open: it changes nothing.</summary>
    NothingOpen,
    /// <summary>Nothing is open for the key on its first route, but there may be on the others that it leads to: they hear of it.</summary>
    ForwardedByKey,
    /// <summary>The group of a key on another route hears that its alert fires, and knows that.</summary>
    FiresAlready,
    /// <summary>The source says that the alert ended.</summary>
    ResolvedBySource,
    /// <summary>The alert was not sent again within its time-out.</summary>
    EndedBySilence,
    /// <summary>The time-out came, but the alert was sent again meanwhile; the timer is put off.</summary>
    StillRepeated,
    /// <summary>The source says that somebody has taken it on.</summary>
    AcknowledgedBySource,
    /// <summary>It is acknowledged already.</summary>
    AlreadyAcknowledged,
    /// <summary>A timer or answer came after what it was made for had ended.</summary>
    GroupTimerLate,
    /// <summary>The group's problem has ended before, or belongs to another incident by now.</summary>
    GroupAlreadyQuiet,
    /// <summary>The incident that the group asked for is there, and the group tells it what it missed, if anything.</summary>
    CaughtUp,
    /// <summary>The problem had ended before its incident was there: it is taken off again at once.</summary>
    EndedMeanwhile,
    /// <summary>The group's alerts did not fire often enough yet: the signal is counted, and there is no incident.</summary>
    CountedBelowThreshold,
    /// <summary>The group's alerts fired often enough: an incident is asked for.</summary>
    ThresholdReached,
    /// <summary>An alert is so urgent that its group does not wait for the threshold: an incident is asked for.</summary>
    UrgentBeforeThreshold,
    /// <summary>The alert's route is mute by its time intervals: there is no incident until that is over.</summary>
    MutedByInterval,
    /// <summary>The route is no longer mute and an alert still fires: an incident is asked for.</summary>
    MuteOver,
    /// <summary>The last firing alert ended, but the group flaps: it stays open until it has rested for its window.</summary>
    HeldForFlapping,
    /// <summary>A flapping group fires again: it is counted, and is no new incident, no re-opening and no page.</summary>
    FlappedAgain,
    /// <summary>The flapping group began or ceased to fire since its timer was armed: the timer is armed anew.</summary>
    StillFlapping,
    /// <summary>The flapping group did not fire for its window: it ends.</summary>
    FlappingOver,
    /// <summary>The flapping group fired for a whole window: it no longer flaps, and its next end counts.</summary>
    FiresSteadily,

    // Services
    /// <summary>The opening budget allowed an incident of its own.</summary>
    OpenedIncident,
    /// <summary>The identity is past its opening budget: a storm incident opens.</summary>
    StormBegan,
    /// <summary>The identity is past its opening budget: the problem joined the storm incident.</summary>
    JoinedStorm,
    /// <summary>The identity is past its opening budget, but the problem is critical and the reserve for these allowed an incident of its own.</summary>
    OpenedFromReserve,
    /// <summary>The identity is past its opening budget, and the reserve for critical problems is spent too: the critical problem joined the storm incident.</summary>
    ReserveSpent,
    /// <summary>The storm incident ended.</summary>
    StormOver,
    /// <summary>That storm is not under way.</summary>
    NoSuchStorm,

    // Incidents
    /// <summary>The incident is page-worthy: it starts active and pages.</summary>
    OpenedPaging,
    /// <summary>The incident is not page-worthy: it waits in triage and pages nobody.</summary>
    OpenedInTriage,
    /// <summary>The incident is open already.</summary>
    IncidentAlreadyOpen,
    /// <summary>There is no such incident.</summary>
    NoSuchIncident,
    /// <summary>The incident is resolved or closed.</summary>
    IncidentEnded,
    /// <summary>More alerts belong to the incident.</summary>
    IncidentGrew,
    /// <summary>A more urgent alert raised the severity.</summary>
    RaisedBySource,
    /// <summary>The last firing alert ended: the incident is resolved on that evidence.</summary>
    AllAlertsEnded,
    /// <summary>A group of the incident flaps.</summary>
    GroupFlaps,
    /// <summary>A group of the incident flaps no longer.</summary>
    GroupNoLongerFlaps,
    /// <summary>A closed incident does not open again; the problem gets an incident of its own.</summary>
    ClosedStaysClosed,
    /// <summary>Somebody has taken on one problem of a storm at its source: the storm itself still looks for somebody.</summary>
    OneOfStormAcknowledged,
    /// <summary>The storm holds twice as many problems as when somebody took it on, or as when nobody was left to page: somebody is looked for again.</summary>
    StormGrew,
    /// <summary>Somebody took the incident on.</summary>
    Acknowledged,
    /// <summary>A note was written down.</summary>
    Noted,

    /// <summary>The same command was given before under the same request id: nothing was done again.</summary>
    DoneBefore,
    /// <summary>The incident is no longer at the version that the caller saw: nothing was decided.</summary>
    ChangedMeanwhile,
    /// <summary>Somebody set the severity.</summary>
    SeverityChanged,
    /// <summary>The severity was that already.</summary>
    SeverityUnchanged,
    /// <summary>Somebody said that it ended.</summary>
    Resolved,
    /// <summary>Somebody said that it has not ended.</summary>
    Reopened,
    /// <summary>Only a resolved incident can be closed.</summary>
    ResolveFirst,
    /// <summary>Only a human may close an incident.</summary>
    ClosingNeedsAHuman,
    /// <summary>A human closed it for good.</summary>
    Closed,
    /// <summary>A person did something on an acknowledged incident: the acknowledgement counts for longer.</summary>
    AcknowledgementRenewed,
    /// <summary>Nobody did anything for the length of the lease: the acknowledgement no longer counts, and somebody is looked for again.</summary>
    AcknowledgementExpired,
    /// <summary>The end of the lease came, but it was renewed meanwhile; the timer is armed anew.</summary>
    AcknowledgementStands,
    /// <summary>The timer of an acknowledgement came after that had ended.</summary>
    AcknowledgementTimerLate,

    // Escalation and pages
    /// <summary>The first step is paged.</summary>
    EscalationBegan,
    /// <summary>Nobody acknowledged in the step's time.</summary>
    StepTimedOut,
    /// <summary>None of the step's targets can be paged: the next step is paged at once.</summary>
    StepReachedNobody,
    /// <summary>A step's time-out came after somebody acknowledged, or for an earlier step.</summary>
    EscalationTimerLate,
    /// <summary>The service has no escalation policy, so nobody can be paged.</summary>
    NoPolicy,
    /// <summary>The policy names a responder that the catalogue does not have.</summary>
    UnknownResponder,
    /// <summary>The responder has no contact.</summary>
    NoContact,
    /// <summary>Pages were made, one a contact.</summary>
    Paged,
    /// <summary>An attempt to deliver begins.</summary>
    PageAttempted,
    /// <summary>The outcome of an attempt never came: it is made again.</summary>
    PageAttemptLost,
    /// <summary>The page is under way already.</summary>
    PageAlreadyStarted,
    /// <summary>The page was delivered, given up or withdrawn before.</summary>
    PageAlreadyEnded,
    /// <summary>A retry or a report came for an earlier attempt.</summary>
    PageTimerLate,
    /// <summary>The attempt failed; another is due.</summary>
    PageWillBeRetried,
    /// <summary>The channel took the page.</summary>
    PageDelivered,
    /// <summary>The page will not be tried again.</summary>
    PageGivenUp,
    /// <summary>A time-out came more than 24 h after it was due: it pages nobody, and the watchdog reports it.</summary>
    TimerTooOld,
    /// <summary>Somebody has taken the incident on, or it ended: the responder takes its pages back.</summary>
    PagesWithdrawn,
    /// <summary>Nobody need be paged any more: no further attempt is made.</summary>
    PageWithdrawn,

    // Identities and the edge
    /// <summary>The catalogue entry was set.</summary>
    Configured,
    /// <summary>A service account or agent needs a human sponsor.</summary>
    SponsorMissing,
    /// <summary>The request has no credential, or one that nobody holds.</summary>
    NoCredential,
    /// <summary>The credential belongs to another integration, or may not do this.</summary>
    WrongCredential,
    /// <summary>The identity's authority has ended.</summary>
    CredentialExpired,
    /// <summary>There is no such integration.</summary>
    UnknownIntegration,
    /// <summary>The identity made more requests than its budget allows.</summary>
    OverRequestBudget,
    /// <summary>No route leads to a service of the catalogue.</summary>
    NoRoute,
    /// <summary>The server is full; the request was not taken in and may be sent again.</summary>
    Overloaded,
    /// <summary>The command could not be stored by itself after every retry.</summary>
    Unstorable,
    /// <summary>The lists have not reached the position that was asked for in the time that was given.</summary>
    ViewsBehind,

    // Further words of the intake
    /// <summary>The body is well-formed but breaks the schema its format publishes: the original answers 422 and stores nothing of it.</summary>
    SchemaViolation,
    /// <summary>An alert carries no label with a value, so nothing tells it apart. The others of its request are not affected.</summary>
    EmptyLabels,
    /// <summary>A request carries more alerts than allowed: those beyond the limit are not accepted, those before it are.</summary>
    TooManyAlerts,

    // Dead letters and tests
    /// <summary>A message could not be decided on or stored: it waits as a dead letter for an operator.</summary>
    KeptAside,
    /// <summary>An operator had the message put back, under its own id.</summary>
    LetterRetried,
    /// <summary>An operator let the message go for good.</summary>
    LetterDiscarded,
    /// <summary>Somebody has decided on the letter already.</summary>
    LetterSettled,
    /// <summary>What the message held could not be stored either: it can only be discarded.</summary>
    LetterEmpty,
    /// <summary>There is no dead letter under this id.</summary>
    NoSuchLetter,
    /// <summary>An operator had a page tried again that was given up.</summary>
    PageRetried,
    /// <summary>An operator decided that a page stays given up.</summary>
    PageDiscarded,
    /// <summary>Only a page that was given up is retried or discarded, and this one is not, or no longer.</summary>
    PageNotGivenUp,
    /// <summary>The page was given up before its first attempt, so nothing of it is there to try again: it can only be discarded.</summary>
    PageNeverTried,
    /// <summary>There is no such page.</summary>
    NoSuchPage,
    /// <summary>Tests were made, one a contact.</summary>
    TestSent,
    /// <summary>The channel said how a test ended.</summary>
    TestEnded,
    /// <summary>The person was sent as many tests as the budget allows.</summary>
    TestOverBudget,
    /// <summary>There is no such responder.</summary>
    NoSuchResponder,
    /// <summary>The responder has no such contact, or none at all.</summary>
    NoSuchContact,

    // Processes that stand by
    /// <summary>Another process serves; this one takes over when that one ends. Nothing of the request was taken in.</summary>
    Standby,

    // Nodes
    /// <summary>Another node owns the alert's group and gets the alert with the flush that accepts it.</summary>
    Forwarded,
    /// <summary>No node answers for the actor at the moment. The same under the same id is done once.</summary>
    OwnerUnreachable,
    /// <summary>It would write what a node that runs an older version does not read. Nothing was done.</summary>
    NodesOfAnOlderVersion,
}

using System.Text;
using Incidents.Fuzz.Targets;

namespace Incidents.Fuzz;

/// <summary>Inputs that once broke a law.</summary>
public sealed class RegressionTests
{
    /// <summary>Target and input; each character is a byte.</summary>
    public static TheoryData<string, string> Found { get; } = new()
    {
        // An offset that leads into the year 10000.
        { "intake/alertmanager-api-v2-alerts", "\n[{\"startsAt\":\"9999-12-31T23:59:59-2359\"}]" },
        { "intake/cloudevents-batch", "\n[{\"specversion\":\"1.0\",\"id\":\"1\",\"source\":\"s\",\"type\":\"t\",\"time\":\"9999-12-31T23:59:60Z\"}]" },
        { "intake/generic-json", "\n{\"title\":\"t\",\"started_at\":\"9999-12-31T23:59:59-23:59\"}" },

        // A refusal that repeated what was sent, whatever it was and however long.
        { "intake/cloudevents-binary", "Content-Type:application/cloudevents\u001e\n\n" },

        // Places in a receipt block that it does not have, and times that are none.
        { "receipt-block", "\u0001\0\0\u0001\u0001" },
        { "receipt-block", "\u0001\u0001\0\0\u0001\0\0\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u0001\0" },
        { "receipt-block", "\u0001\u0001\0\0\u0001\0\0\0\u0001\u0080\u0080\u0080\u0080\u0080\u0001" },

        // An asterisk with a blank is a tag to the framework's parser, and shorter than its quotes.
        { "if-match", "*\t" },

        // The framework's parser reads behind the end of this one.
        { "if-match", "W/  " },

        // A refusal that cut a name in the middle of a character.
        { "intake/generic-json", $"\n{{\"title\":\"t\",\"labels\":{{\"{new string('a', 63)}\u00f0\u009f\u0099\u0082{new string('a', 1_100)}\":\"\"}}}}" },

        // A tag that is none, for which the parser throws what is not its own; and a message as long as what it complains of.
        { "alertmanager-file", "!![" },
        { "config", "*" + new string('a', 1_000) },
        { "alertmanager-file", "route: {receiver: a, group_by: ['0" + new string('3', 1_000) + "']}\nreceivers: [{name: a}]\n" },

        // A file of further arguments that is a folder.
        { "command-line", "@%\n" },

        // A file without a name.
        { "command-line", "routes\ntest\n--config\n" },
        { "command-line", "preview\n--format\ngeneric-json\n" },
        { "command-line", "config\ncheck\n" },
    };

    [Theory]
    [MemberData(nameof(Found))]
    public void It_keeps_the_laws_now(string target, string input) => Fuzzer.Try(AllTargets.Find(target), 0, Encoding.Latin1.GetBytes(input));
}

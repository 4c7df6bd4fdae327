using Incidents.Acceptance.Behaviour;
using Incidents.Acceptance.Complaints;
using Incidents.Acceptance.Intake;
using Incidents.Acceptance.Processes;
using Incidents.Acceptance.Senders;

namespace Incidents.Acceptance.Stores;

/// <summary>What senders and operators see, with the journal in a file.</summary>
public class FileActionTests(FileInstallation installation) : ActionTests(installation), IClassFixture<FileInstallation>;

public class FileAlertmanagerTests(FileInstallation installation) : AlertmanagerTests(installation), IClassFixture<FileInstallation>;

public class FileBadInputTests(FileInstallation installation) : BadInputTests(installation), IClassFixture<FileInstallation>;

public class FileBudgetAndReceiptTests(FileInstallation installation) : BudgetAndReceiptTests(installation), IClassFixture<FileInstallation>;

public class FileCorpusTests(FileInstallation installation) : CorpusTests(installation), IClassFixture<FileInstallation>;

public class FileGroupLifeTests(FileInstallation installation) : GroupLifeTests(installation), IClassFixture<FileInstallation>;

public class FileIdempotencyTests(FileInstallation installation) : IdempotencyTests(installation), IClassFixture<FileInstallation>;

public class FileListTests(FileInstallation installation) : ListTests(installation), IClassFixture<FileInstallation>;

public class FileOddAlertTests(FileInstallation installation) : OddAlertTests(installation), IClassFixture<FileInstallation>;

public class FilePagerDutyTests(FileInstallation installation) : PagerDutyTests(installation), IClassFixture<FileInstallation>;

public class FilePreviewTests(FileInstallation installation) : PreviewTests(installation), IClassFixture<FileInstallation>;

public class FileSenderComplaintTests(FileInstallation installation) : SenderComplaintTests(installation), IClassFixture<FileInstallation>;

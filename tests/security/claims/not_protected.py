"""What is not protected, why, and what whoever runs it can do about it."""

from tests.security.claims.kinds import Open

NOT_PROTECTED = (
    Open(
        "What is stored from an older file of ours under its own name, and from deletion",
        "A seal says that we wrote it, not that it is the newest. An older entry of a record counts as begun; an older "
        "list of our versions lets an audit tell less. Of a run that was killed, an entry that is deleted looks like a "
        "publish that was never begun, so that a roll back leaves it out; the run's tables in Prefect still show it.",
        "Let only the workers write there, and keep backups.",
    ),
    Open(
        "What is stored from who has the key that seals: reads a worker's environment, or the user's key file",
        "Whoever checks a seal can make one. Approvals are signed besides, and what is published is proved against "
        "the plan.",
        "Give audits a worker of their own that may write to `audits/` alone "
        "([operate.md](operate.md#storages-apart)).",
    ),
    Open(
        "What is stored from who may read it",
        "It is sealed and not encrypted: names, timeouts and plans, but no secret and no whole definition, are in it.",
        "Its files are for their owner alone; give a bucket such rules.",
    ),
    Open(
        "Approvals from who may run code as a worker: edit a deployment's command or pull steps, or a work pool's",
        "Prefect lets whoever has the server's password do so, and a process of the worker can publish without asking.",
        "Keep the password to those who may publish; put a login of your own before the server. A register in "
        "`/etc/genesys-timeouts` cannot be changed from there, and the history shows what was approved.",
    ),
    Open(
        "The history from who may write to the storage with its key and edit the server",
        "Who can move the head and cut the chain leaves one that fits. The signatures in it cannot be made.",
        "Let these be two people, and export `history` now and then.",
    ),
    Open(
        "The order of the history from who edits the server just while two decisions are written",
        "Its place is a record on the server. Who deletes it in that moment lets one entry take another's number; what "
        "was signed and published is still in the runs' own records.",
        "Compare the history with the runs where that matters.",
    ),
    Open(
        "A fleet from who makes a run before it under the same key",
        "Prefect gives the run that is there. The fleet's table shows what ran, and its plan.",
        "Read the table; a run that applies still proves what it publishes.",
    ),
    Open(
        "The page of a plan from who may edit artifacts on the server",
        "An approver signs the checksum of a plan, and reads the plan where the server shows it.",
        "Compare with the dry run's own table where that matters.",
    ),
    Open(
        "The name under `asked_by` from who fills in the form",
        "Prefect's open server knows one password and no users: that name is shown as typed, and decides nothing.",
        "Go by the signatures: who asked and who approved is shown by their keys.",
    ),
    Open(
        "Everything from who has the server's password, or is the same user or root on the machine",
        "Prefect gives blocks, with their secrets, to whoever logs in; the processes of one user may read each other, "
        "with the environment that each was started with: to take a variable out later changes nothing of that.",
        "Run `make serve` for trials; servers on machines and under users of their own.",
    ),
    Open(
        "The access token of a process that was killed, or that had to be left while requests hung",
        "Nothing of it is left that could give the token back. Whether the platform ends tokens of clients at all is "
        "[open](platform.md#open-revocation).",
        "It ends by itself, a day after the login. To end it now, delete the OAuth client's tokens in the org.",
    ),
    Open(
        "What runs of a terminal keep in `~/.prefect` from other people on the machine",
        "Prefect makes its files as the user's `umask` says: tables and plans, but no secret, are in them.",
        "Set `umask 077`, or a `PREFECT_HOME` that only you may read.",
    ),
    Open(
        "The image from its base: Debian, Python and what `apt-get` installs have no hash in the lock",
        "A tag names the base image, and Debian keeps one version of a package at a time; both check signatures of "
        "their own. The bill of materials of the image lists Python packages alone.",
        "Name the base by its digest in your build, and scan the image that you have built.",
    ),
    Open(
        "The password of Redis in compose from who may read the containers of the machine",
        "Redis is given it as an argument, and Docker shows arguments to whoever may ask Docker.",
        "Let nobody use Docker on that machine who may not have the password.",
    ),
    Open(
        "What is installed from whoever may change `requirements.lock`, or made the packages",
        "A hash says that the bytes are those that were pinned, not that they are good.",
        "Review changes of the lock, and run `make audit` where OSV can be reached.",
    ),
    Open(
        "An Architect flow in a division that the client's role never covered",
        "The platform leaves it out of the listing, and says nothing.",
        "Give the role all divisions that are meant. One that vanishes is told as drift, and by name in a roll back.",
    ),
    Open(
        "Figures of calls from a machine whose clock is wrong",
        "The period that is asked for is reckoned by this machine's clock.",
        "Keep the clock. A refused period ends the run `Incomplete`, and how many days had any calls is told.",
    ),
    Open(
        "Readers from look-alike letters in names, and from an escape that somebody has typed",
        "A Cyrillic letter is a letter, and `\\u202e` typed as six characters looks like what it stands for.",
        "Ids are in every table, in CSV and `--json`.",
    ),
    Open(
        "A plan's time from who writes both long patterns and long names",
        "A pattern of 500 letters against names of 10,000 takes 4 ms; a hostile definition near its bounds takes 2 GB.",
        "The bounds are in [bounds.md](bounds.md); give workers a memory limit.",
    ),
    Open(
        "The demo org from other programs on the machine",
        "Its clients and their secrets are public, and its control plane asks for nothing.",
        "Nothing of anybody's is in it.",
    ),
)

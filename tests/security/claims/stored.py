"""What is protected of what is kept: in result storage, of approvals, and in files."""

from tests.security.claims.kinds import Claim

STORED = (
    Claim(
        "Saved plans",
        "runs that hold the key of the seal",
        "whoever may write to result storage, by planting one",
        "what carries no seal, or not ours, is refused by name",
        "flows.storage.test_planted.test_a_plan_that_was_planted_with_a_checksum_of_its_own_is_not_applied",
    ),
    Claim(
        "What was there before a run, which a roll back puts back",
        "the run",
        "whoever may write to result storage, by editing it",
        "the seal covers the content",
        "flows.storage.test_planted.test_a_record_that_was_edited_puts_nothing_back",
    ),
    Claim(
        "The same",
        "the run",
        "the same, by another run's record under its name",
        "the seal covers the name",
        "flows.storage.test_planted.test_the_record_of_another_run_under_this_runs_name_is_refused",
    ),
    Claim(
        "What is told of a publish",
        "the run",
        "the same, by forging an outcome",
        "an entry that is refused, or was deleted after the run had ended, counts as begun: a roll back looks at it",
        "flows.storage.test_planted.test_an_outcome_that_was_forged_is_unknown",
    ),
    Claim(
        "What an audit tells of a step",
        "the platform",
        "the same, by editing what earlier runs read",
        "a reading that is refused counts as none; the log names it, and it is read anew",
        "flows.storage.test_planted.test_a_reading_that_was_edited_is_read_anew_and_named",
    ),
    Claim(
        "Files outside of the storage",
        "nobody",
        "whoever plants links there",
        "no link is followed, no pipe waited for; files are replaced whole, for their owner alone",
        "flows.storage.test_local_files.test_a_file_takes_the_place_of_what_is_no_file_and_goes_nowhere_else",
    ),
    Claim(
        "The key that seals",
        "workers; in a terminal, its user",
        "who has the server's password, registers, serves, or reads tables",
        "it is in no block and in no other environment; a key file that others may read is refused",
        "deployments.containers.test_secrets.test_the_key_that_seals_what_runs_keep_reaches_the_workers_alone",
    ),
    Claim(
        "The same",
        "files outside of the result storage",
        "whoever may write to result storage, by a key that lies there or is linked there",
        "a key file, or a file of keys, in the storage that it is to seal is refused before it is read or made",
        "flows.storage.test_seal_keys."
        "test_no_file_of_keys_is_in_the_storage_that_they_seal_nor_a_link_that_leads_to_it",
    ),
    Claim(
        "What runs that write keep",
        "runs that write",
        "audits",
        "each kind of deployment has an area of the storage of its own, which the seal covers, too",
        "flows.storage.test_areas.test_each_writes_to_its_own_area_alone",
    ),
    Claim(
        "What a writer plans from",
        "the platform, and what writers have read",
        "whoever may write to the area of audits",
        "a writer reads nothing there",
        "flows.storage.test_areas.test_a_writer_reads_nothing_that_an_audit_has_left",
    ),
)

APPROVALS = (
    Claim(
        "The org, through the deployment `raise-approved`",
        "two people whose keys are registered: one asks for the plan, another one approves it",
        "one person alone, whatever name they type",
        "the two signatures are by different keys",
        "timeouts.planning.approval.test_approval.test_nobody_approves_what_they_ask_for_whatever_name_is_typed",
    ),
    Claim(
        "The same",
        "what was signed: this plan of this run in this org, with what it waives, until it expires",
        "a signature for anything else",
        "org, run, plan, expiry, waived limits and decision are signed, and compared with what is running",
        "timeouts.planning.approval.test_signatures.test_a_signature_fits_what_was_signed_and_nothing_that_differs_in_any_field",
    ),
    Claim(
        "The same",
        "an answer to this run",
        "tries: the third answer that does not fit ends the run",
        "a signature is checked against this run, and counted",
        "deployments.test_the_job_on_servers.test_wrong_answers_are_refused_and_the_third_one_ends_the_run",
    ),
    Claim(
        "The same",
        "the parameters that the approver was shown",
        "parameters that are changed while the run waits",
        "the run is refused, and nothing is published",
        "deployments.test_the_job_on_servers.test_a_run_whose_policy_was_changed_while_it_waited_publishes_nothing",
    ),
    Claim(
        "The same",
        "an approval within a day",
        "an approval that comes too late",
        "a plan expires a day after it was made",
        "deployments.test_the_job_on_servers.test_an_approval_that_comes_too_late_publishes_nothing",
    ),
    Claim(
        "The same",
        "nobody",
        "whoever may write to result storage, and puts the record of an approved run under this run's name",
        "the seal covers the name; and whoever sealed it, signatures are checked against this run",
        "deployments.test_the_job_on_servers."
        "test_the_record_of_an_approved_run_publishes_nothing_in_another_whoever_sealed_it",
    ),
    Claim(
        "The plan that is published",
        "the plan that was signed",
        "another plan under its name in result storage",
        "its checksum is reckoned anew from what is about to be published",
        "deployments.test_the_job_on_servers.test_another_plan_under_the_name_of_the_approved_one_publishes_nothing",
    ),
    Claim(
        "Who is told to have approved",
        "who has signed",
        "whoever writes an approval into the record",
        "stored rulings decide nothing: each attempt of the run checks all signatures again",
        "deployments.test_the_job_on_servers."
        "test_an_approval_that_was_written_into_the_record_publishes_nothing_and_nobody_is_told_to_have_given_it",
    ),
    Claim(
        "The register of approvers",
        "who administers the workers' machine",
        "whoever starts runs or edits deployments, by job variables",
        "a run whose job variables set more of its environment than we ship, or hide it, is refused by name",
        "deployments.test_the_job_on_servers.test_job_variables_that_name_approvers_are_refused_by_name",
    ),
    Claim(
        "The same",
        "the same",
        "whoever has the server's password, by blocks and variables",
        "it is not read from the server",
        "flows.form.test_approvers.test_blocks_and_variables_on_the_server_change_nothing_of_who_may_approve",
    ),
    Claim(
        "The same",
        "a key whose private half one person holds",
        "a key for which anybody can sign",
        "weak and impossible keys are refused, and one key under two names",
        "timeouts.planning.approval.test_register_of_approvers.test_a_weak_or_impossible_key_is_refused",
    ),
    Claim(
        "A plan that waits",
        "approvers of now",
        "an approver whose key was revoked after they signed",
        "each attempt judges by the register of now",
        "timeouts.planning.approval.test_approval.test_an_approval_by_a_key_that_was_revoked_since_does_not_hold",
    ),
    Claim(
        "The history of decisions",
        "the workers: add to it",
        "whoever may write to result storage, or edit its head on the server, but not both",
        "each entry holds the hash of the one before; the head lies on the server; what does not fit is "
        "named, and nothing is published",
        "flows.approval.test_history."
        "test_an_approval_cannot_be_added_to_a_history_that_somebody_changed_so_that_nothing_is_published",
    ),
    Claim(
        "The same",
        "who has signed",
        "an approval in it that nobody signed, also where the chain was made anew",
        "`history --verify` checks each signature against the register",
        "timeouts.planning.approval.test_history.test_an_approval_that_nobody_signed_shows_even_where_the_chain_was_made_anew",
    ),
    Claim(
        "A plan that was rejected, or has expired",
        "nobody",
        "whoever may write to result storage, and puts an older record of the approval back",
        "before a publish the history is asked, whose head lies on the server",
        "flows.approval.test_history.test_a_plan_that_was_answered_stays_answered_whatever_lies_in_storage",
    ),
    Claim(
        "Keys, storage and platform of a run",
        "who administers the workers' machine",
        "whoever has the server's password, by job variables of runs, deployments and work pools",
        "more of the environment than we ship, or what hides it, is refused by name",
        "flows.form.test_approvers.test_job_variables_that_name_whom_a_run_believes_are_refused_by_name",
    ),
    Claim(
        "An approver's private key",
        "its owner",
        "other people on that machine",
        "its file is 0600, encrypted by a passphrase, and never written over",
        "cli.approvals.test_approver.test_init_makes_a_key_that_only_its_owner_reads_and_prints_the_line_to_hand_on",
    ),
)

FILES = (
    Claim(
        "A worker that audits a repository every night",
        "who may push to the repository: have its files read",
        "who may push to it: run code on the worker, by modules of ours or of Python, or by a `pyproject.toml`",
        "the folder of the run is first on Python's path, and the checkout is only a folder in it",
        "deployments.test_files.test_the_run_audits_the_clone_and_nothing_of_it_is_run",
    ),
    Claim(
        "The token that reads the repository",
        "the run that clones it",
        "whoever reads deployments, variables or what `register` prints",
        "it is in a secret block alone; an address with a token in it is refused",
        "deployments.test_files.test_the_token_is_nowhere_but_in_its_block",
    ),
    Claim(
        "The machine on which a checkout is read",
        "who made the checkout: have its files read",
        "who made it: run code by hooks, filters or monitors that it names",
        "what Git knows is read from its objects, and no command of Git's is started",
        "files.test_git.test_nothing_of_a_hostile_repository_is_run",
    ),
    Claim(
        "Files outside of the folders that a run names",
        "nobody",
        "who made the checkout: have them read or written through a link",
        "folders are opened name by name, and no link is followed, in between either",
        "files.test_writing.test_a_folder_on_the_way_that_became_a_link_is_not_followed",
    ),
    Claim(
        "What others changed in a file and did not commit",
        "whoever changed it",
        "a run: write over it, or into it",
        "a file that is not as it was committed is left",
        "files.test_git.test_a_file_that_is_not_committed_is_left",
    ),
)

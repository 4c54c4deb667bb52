"""The task compare-with-files: what files say of the Architect flows and actions of an org, beside what is live."""

from prefect import get_run_logger, task

from genesys import fields, of_org
from reports.frames.compared.as_code import as_code_sentences
from tasks.running.retries import OURS
from timeouts.as_code.as_code import AsCode
from timeouts.as_code.comparing import compare_with_files as compare
from timeouts.inventory import Inventory


@task(name="compare-with-files", **OURS)
def compare_with_files(org: Inventory, files: Inventory) -> AsCode:
    """Compare an org with files. Pure arithmetic: nothing is read."""
    as_code = compare(org, files)
    get_run_logger().info("%s", as_code_sentences(as_code)[0], extra=fields(of_org(org.organization)))
    return as_code

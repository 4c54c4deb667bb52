"""Publishing what people find of an effect in the Prefect UI: the page with its picture, and the table."""

from prefect import get_run_logger

from reports.effect_report import EffectReport
from reports.keys import key_of
from reports.markdown.effect import effect_page
from reports.pictures.charts import effect_chart
from reports.tables import effects_table
from tasks.publish_artifacts import Publisher, publish_table
from tasks.running.artifacts import create_markdown
from timeouts.text.outlets import escaped


def publish_effect(report: EffectReport) -> None:
    """Publish both. Call it in the body of a Prefect flow. Nothing of it raises: artifacts are for looking at."""
    log, publisher = get_run_logger(), Publisher()
    try:
        publish_table(publisher, report.run, report.org, effects_table([report.effect]))
        publisher.publish(
            key_of("timeouts-effect", report.org),
            create_markdown,
            markdown=effect_page(report, effect_chart([report.effect], "png")),
            description=f"**Begin here.** Whether {escaped(report.effect.changes.run_name)} helped",
        )
    except Exception:
        log.exception("the effect could not be published; it is in the state of the run")

"""Files of Archy in the shapes that are seen: block and flow style, templates, any line ends; and drawn ones."""

from hypothesis import strategies as st

FLOW = """\
inboundCall:
  name: Support {{stage}} # which line
  division: "{{division}}"
  startUpRef: "/inboundCall/tasks/task[Main_10]"
  settingsActionDefaults:
    callData:
      processingPrompt:
        noValue: true
    callBridge:
      processingPrompt:
        noValue: true
  tasks:
    - task:
        name: Main
        refId: Main_10
        actions:
          - callData:
              name: Look up
              trackingId: 12
              timeout:
                lit:
                  minutes: 1
              category:
                CRM {{stage}}:
                  dataAction:
                    Find customer:
                      inputs:
                        id:
                          exp: Call.Ani
              outputs:
                success:
                  actions:
                    - callDataSecure:
                        name: Charge
                        category: {Payments: {dataAction: {Charge card: {}}}}
                    - wait:
                        name: Wait
                        timeout:
                          lit:
                            seconds: 3
                failure:
                  actions:
                    - callBridge:
                        name: Old system
                        timeout:
                          lit:
                            seconds: 5
                        category:
                          Bridge:
                            bridgeAction:
                              Ping:
                                inputs: {}
          - callData: {name: Short, timeout: {lit: {seconds: 3}}, category: {CRM: {dataAction: {Ping: {}}}}}
"""
"""An Architect flow with a step of every kind: a step in a step, one in a line of its own, defaults that are none."""


def flow_of(timeout: str, *, before: str = "", after: str = "") -> str:
    """The text of a file with one step, whose members `timeout`, and what stands around it, are given as lines."""
    members = "".join(f"              {line}\n" for part in (before, timeout, after) for line in part.splitlines())
    return f"""\
workflow:
  name: Job
  states:
    - state:
        name: Initial
        actions:
          - callData:
              name: Call
{members}              category:
                CRM:
                  dataAction:
                    Ping: {{}}
"""


durations = st.sampled_from(
    [
        *("lit: {minutes: 1}", "lit: {seconds: 3}", 'lit: {"seconds": "20"}', "lit:\n  minutes: 1\n  seconds: 30", ""),
        *("exp: Flow.wait", "lit: {seconds: {{wait}}}", "{{wait}}", "noValue: true", "lit: {weeks: 1}"),
        "&a {lit: {hours: 1}}",
    ]
)
names = st.sampled_from(
    ["Call", '"Call: it"', "'it''s'", "{{name}}", "Ünïcode 🙂", "a # no comment", ">-\n  folded\n  name"]
)
comments = st.sampled_from(["", "", " # why", "  # timeout: 3"])
gaps = st.sampled_from(["", "", "# a line of its own\n", "\n", "   \n"])


def _indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}" if line.strip() else line for line in text.splitlines(keepends=True))


@st.composite
def steps(draw: st.DrawFn, depth: int = 0) -> str:
    """The text of one item of a list of actions, at the left edge."""
    key = draw(st.sampled_from(["callData", "callData", "callDataSecure", "callBridge", '"callData"']))
    if draw(st.integers(0, 5)) == 0:
        timeout = draw(st.sampled_from(["", ", timeout: {lit: {seconds: 4}}", ", timeout : {lit: {minutes: 1}}"]))
        return f"- {key}: {{name: One line{timeout}, category: {{C: {{dataAction: {{A: {{}}}}}}}}}}{draw(comments)}\n"
    wide = draw(st.integers(1, 4))
    duration = draw(durations)
    members = [f"name: {draw(names)}", "category:\n  {{category}}:\n    dataAction:\n      Do it: {}"]
    if duration:
        is_long = "\n" in duration or draw(st.booleans())
        is_block = is_long and not duration.startswith(("{", "&"))
        inner = f"\n{_indented(duration, 2)}" if is_block else f" {duration}"
        if not is_block and duration.startswith(("lit", "exp", "noValue")):
            inner = f" {{{duration}}}" if "\n" not in duration else f"\n{_indented(duration, 2)}"
        members.insert(draw(st.integers(0, len(members))), f"timeout:{inner}")
    if depth < 2 and draw(st.booleans()):
        nested = "".join(draw(st.lists(steps(depth + 1), min_size=1, max_size=2)))
        members.append(f"outputs:\n  success:\n    actions:\n{_indented(nested, 6)}".rstrip("\n"))
    body = "".join(f"{draw(gaps)}{member}{draw(comments) if chr(10) not in member else ''}\n" for member in members)
    return f"- {key}:{draw(comments)}\n{_indented(body, 2 + wide)}"


@st.composite
def files(draw: st.DrawFn) -> bytes:
    """A whole file: some steps, any line end, with or without a last one, perhaps with a byte order mark."""
    items = "".join(draw(st.lists(steps(), max_size=3)))
    head = draw(st.sampled_from(["", "# our flows\n", "---\n"]))
    listed = f"\n{_indented(items, draw(st.integers(0, 4)) + 8)}" if items else " []\n"
    text = (
        f"{head}inboundCall:\n  name: {{{{flow}}}}\n  tasks:\n    - task:\n        name: Main\n        actions:{listed}"
    )
    if draw(st.booleans()):
        text = text.rstrip("\n")
    text = text.replace("\n", draw(st.sampled_from(["\n", "\n", "\r\n"])))
    return draw(st.sampled_from([b"", b"", b"\xef\xbb\xbf"])) + text.encode()

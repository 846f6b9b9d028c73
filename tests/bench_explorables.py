"""Measure how fast the explorables of the built site answer, in a real Chromium: the second half of ``make bench``.

A frame's work is the processor time that the main thread spends on it, from the pointer's event to the handing over of
the picture: script, style, layout and paint, as Chromium's own trace has them. Beside it stands the frame of a page with
nothing but a box that follows the pointer.
"""

from __future__ import annotations

import re
from statistics import median, quantiles

from lively import served, traced

EMPTY = """data:text/html,<body><div class=handle style="position:absolute;top:50px;left:50px;width:44px;height:44px;background:red"></div>
<script>onpointermove = event => requestAnimationFrame(() => {
document.querySelector("div").style.transform = `translate(${event.clientX}px)` })</script>"""
TOUCHABLE = ".handle, input[type=range]"
# What Chromium tells of when an explorable came to life, and of when its scripts had come.
WATCH = """
new MutationObserver(() => {
  for (const figure of document.querySelectorAll("figure.alive:not([data-since])")) figure.dataset.since = performance.now()
}).observe(document, {subtree: true, childList: true, attributeFilter: ["class"]})
"""
SINCE_THE_BUNDLE = """figure => figure.dataset.since - Math.max(...performance.getEntriesByType("resource")
  .filter(file => file.name.includes("/bundle/") && file.name.includes(".js")).map(file => file.responseEnd))"""


def explorables(site):
    """The chapter that mounts each explorable: ``{name: path}``."""
    return {
        name: page.relative_to(site)
        for page in sorted((site / "chapters").glob("*.html"))
        for name in re.findall(r'<figure[^>]* data-explorable="([\w-]+)"', page.read_text("utf-8"))
    }


def frames(events):
    """The main thread's work for each frame of traced `events` in which the picture was drawn, in ms."""
    drawn = [(event["pid"], event["tid"]) for event in events if event["name"] == "FireAnimationFrame"]
    thread = max(set(drawn), key=drawn.count)
    work = [event for event in events if (event["pid"], event["tid"]) == thread and "tdur" in event]
    costs, cost, until, animated = [], 0, 0, False
    for event in sorted(work, key=lambda event: event["ts"]):
        if event["ts"] < until:
            continue  # a part of another's
        until = event["ts"] + event["dur"]
        cost += event["tdur"] / 1000
        animated |= event["name"] == "FireAnimationFrame"
        if event["name"] == "Layerize":  # the last that the main thread does for a frame
            if animated:
                costs.append(cost)
            cost, animated = 0, False
    return costs


def dragged(browser, page, thing):
    """The work for each frame while the box `thing` is dragged to and fro."""
    thing.scroll_into_view_if_needed()
    box = thing.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()

    def drag():
        for dx, dy in [(60, -30), (-80, 40), (120, 60), (0, 0)]:
            page.mouse.move(x + dx, y + dy, steps=25)

    events = traced(browser, page, drag)
    page.mouse.up()
    return frames(events)


def answers(browser, url):
    """The frames of the slowest thing that can be dragged at `url`, an explorable's own page part."""
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.goto(url)
    page.wait_for_selector(TOUCHABLE)
    name = url.partition("#")[2]
    within = page.locator(f'figure[data-explorable="{name}"]') if name else page
    runs = [dragged(browser, page, thing) for thing in within.locator(TOUCHABLE).all() if thing.is_visible()]
    page.close()
    return max(runs, key=ninety_five)


def ninety_five(costs):
    return quantiles(costs, n=20)[-1]


def first_answer(browser, url, name, times):
    """How long after the bundle's arrival the explorable can be touched, in ms: the median."""
    waits = []
    for _ in range(times):
        page = browser.new_page()
        page.add_init_script(WATCH)
        page.goto(url)
        figure = page.wait_for_selector(f'figure[data-explorable="{name}"][data-since]')
        waits.append(figure.evaluate(SINCE_THE_BUNDLE))
        page.close()
    return median(waits)


def measure(site, browser, row):
    """Print, for each explorable of the built `site`, its frames while dragged and its first answer."""
    row("**frames while dragged: 95 % within, the longest**", "")
    floor = answers(browser, EMPTY)
    row("an empty page", f"{ninety_five(floor):.1f} ms, {max(floor):.1f} ms")
    with served(site) as root:
        for name, path in explorables(site).items():
            costs = answers(browser, f"{root}/{path}#{name}")
            wait = first_answer(browser, f"{root}/{path}", name, times=3)
            ratio = ninety_five(costs) / ninety_five(floor)
            row(
                f"{name}, which answers {wait:.0f} ms after its script came",
                f"{ninety_five(costs):.1f} ms = {ratio:.0f} × empty, {max(costs):.1f} ms",
            )

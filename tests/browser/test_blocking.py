"""The page's own thread is free: scrolling, buttons and the picture never wait for the judging.

The Long Tasks API tells of tasks that took more than 50 ms by the clock. Where other programs keep
the machine busy, a short task takes long too; so a task counts by the time for which the thread
worked on it, which Chromium's trace tells.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from playwright.sync_api import expect

from tests import shaky
from tests.browser.conftest import NewPage
from tests.browser.scripted import start
from tests.frames import astronaut, astronaut_masked, two_faces

LONGEST = 50  # ms
RUNNING = 10_000  # ms
TASKS = "disabled-by-default-devtools.timeline"
NOTE = """
  window.long = [];
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.long.push(duration);
  }).observe({ type: 'longtask' });
"""


def test_the_page_never_blocks_for_more_than_50_ms(new_page: NewPage, tmp_path: Path) -> None:
    clip = tmp_path / "clip.mjpeg"
    scenes = [two_faces(), astronaut(), astronaut_masked()]  # alerts begin and end
    frames = shaky.changing(scenes, len(scenes) * shaky.CHANGE_EVERY)
    clip.write_bytes(b"".join(shaky.encoded(frames)))
    page = new_page(str(clip), script=NOTE)
    browser = page.context.browser
    assert browser
    browser.start_tracing(page=page, categories=[TASKS])
    start(page)
    expect(page.locator(".box").first).to_be_visible(timeout=60_000)
    page.wait_for_timeout(RUNNING)
    trace = json.loads(browser.stop_tracing())
    told = page.evaluate("window.long")
    tasks = worked(trace)
    assert len(tasks) > 100
    assert not told or max(tasks) <= LONGEST, f"long tasks by the clock: {told} ms"


def worked(trace: dict[str, Any]) -> list[float]:
    """How long the threads of pages worked on each task, in ms."""
    events = trace["traceEvents"]
    threads = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    return [
        event["tdur"] / 1000
        for event in events
        if event["name"] == "RunTask" and (event["pid"], event["tid"]) in threads
        if "tdur" in event  # not in those that the end of the trace cuts off
    ]

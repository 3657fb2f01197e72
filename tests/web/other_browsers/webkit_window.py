#!/usr/bin/python3
"""A window around WebKitGTK that keeps its profile: `webkit_window.py FOLDER`, run by Debian's own Python.

WebKit's MiniBrowser forgets everything as soon as it is driven by a program.
"""

import sys

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402  # which version is wanted has to be said before


class Window:
    """Tabs, of which one is seen."""

    def __init__(self, folder: str):
        kept = WebKit2.WebsiteDataManager(base_data_directory=f"{folder}/data", base_cache_directory=f"{folder}/cache")
        self.context = WebKit2.WebContext.new_with_website_data_manager(kept)
        self.tabs = Gtk.Notebook(show_tabs=False, show_border=False)
        self.window = Gtk.Window(default_width=1280, default_height=800)
        self.window.add(self.tabs)
        self.context.connect("automation-started", self.begin)
        self.context.set_automation_allowed(True)

    def begin(self, _context, session) -> None:
        about = WebKit2.ApplicationInfo()
        about.set_name("webkit_window")
        session.set_application_info(about)
        session.connect("create-web-view", lambda _: self.open())

    def open(self):
        view = WebKit2.WebView(web_context=self.context, is_controlled_by_automation=True)
        view.connect("grab-focus", lambda _: self.tabs.set_current_page(self.tabs.page_num(view)))
        view.connect("close", lambda _: view.destroy())
        view.show()
        self.tabs.append_page(view)
        self.tabs.set_current_page(-1)
        self.window.show_all()
        return view


if __name__ == "__main__":
    window = Window(sys.argv[1])
    Gtk.main()

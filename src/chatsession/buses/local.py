"""A bus within one process."""

from collections.abc import Callable

from chatsession.bus import News

Listener = Callable[[News], None]


class LocalBus:
    """Calls every follower of a session, in the order in which they came."""

    def __init__(self) -> None:
        self._listeners: dict[str, dict[int, Listener]] = {}
        self._count = 0

    def publish(self, news: News) -> None:
        """Tell all who follow the session."""
        listeners = self._listeners.get(news.session)
        for listener in tuple(listeners.values()) if listeners else ():
            listener(news)

    def subscribe(self, session: str, listener: Listener) -> Callable[[], None]:
        """Follow a session until the returned function is called."""
        self._count += 1
        number = self._count
        self._listeners.setdefault(session, {})[number] = listener

        def leave() -> None:
            listeners = self._listeners.get(session)
            if listeners is not None:
                listeners.pop(number, None)
                if not listeners:
                    del self._listeners[session]

        return leave

    async def close(self) -> None:
        """Nothing to let go of."""

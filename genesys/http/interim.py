"""Interim answers: what a server or a proxy says before its answer. Python's http.client knows 100 alone of them."""

import http.client


class FinalResponse(http.client.HTTPResponse):
    """An answer that ends its request (RFC 9110, 15.2).

    A 103 that counted as such would leave the real answer on the connection, for whoever asks there next. No 101 comes,
    for nobody asks to switch protocols: one that does is read past too, and what follows it is no HTTP.
    """

    def begin(self) -> None:
        """Read status and headers, those of interim answers first."""
        super().begin()
        while self.status < http.HTTPStatus.OK:
            self.headers = None  # type: ignore[assignment] # else they count as read
            super().begin()

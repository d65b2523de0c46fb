"""What a browser sends of a form: its fields as they stand on the page."""

from html.parser import HTMLParser


class Sent(HTMLParser):
    """Reads the fields of one form of a page."""

    def __init__(self, form_id: str) -> None:
        """Read the form of that id."""
        super().__init__()
        self._form_id = form_id
        self._is_inside = False
        self._select = ""
        self._chosen: str | None = None
        self._first: str | None = None
        self._text: str | None = None
        self._area = ""
        self.pairs: list[tuple[str, str]] = []
        self.buttons: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take a field in."""
        told = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside = told.get("id") == self._form_id
        if not self._is_inside:
            return
        match tag:
            case "button" if told.get("name") == "do":
                self.buttons.append(told["value"])
            case "input" if told.get("name"):
                is_box = told.get("type") == "checkbox"
                if not is_box or "checked" in told:
                    self.pairs.append((told["name"], told.get("value", "").replace("\r", "").replace("\n", "")))
            case "select":
                self._select, self._chosen, self._first = told["name"], None, None
            case "option" if self._select:
                value = told.get("value", "")
                self._first = value if self._first is None else self._first
                self._chosen = value if "selected" in told else self._chosen
            case "textarea":
                self._area, self._text = told["name"], ""
            case _:
                pass

    def handle_endtag(self, tag: str) -> None:
        """End a field."""
        if tag == "form":
            self._is_inside = False
        if tag == "select" and self._select:
            self.pairs.append((self._select, self._chosen if self._chosen is not None else self._first or ""))
            self._select = ""
        if tag == "textarea" and self._text is not None:
            text = self._text.replace("\r\n", "\n").replace("\r", "\n")
            self.pairs.append((self._area, text.removeprefix("\n")))
            self._text = None

    def handle_data(self, data: str) -> None:
        """Take the text of a field of several lines in."""
        if self._text is not None:
            self._text += data


def sent(html: str, form_id: str = "builder") -> dict[str, str]:
    """Return the fields of a form, doubled ones joined by commas as the service joins them."""
    reader = Sent(form_id)
    reader.feed(html)
    found: dict[str, str] = {}
    for name, value in reader.pairs:
        found[name] = f"{found[name]},{value}" if name in found else value
    return found


def buttons(html: str, form_id: str = "builder") -> list[str]:
    """Return what the buttons of a form do."""
    reader = Sent(form_id)
    reader.feed(html)
    return reader.buttons

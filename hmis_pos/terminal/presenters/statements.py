"""Statements of the provider: handing one in, how far it is, what it found, and those imported before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from hmis_pos.contract.mapping import instant
from hmis_pos.contract.statements import Statement
from hmis_pos.domain.errors import OutcomeUnknown, PosError, Unavailable
from hmis_pos.terminal.presenters.cards import CardsModel
from hmis_pos.terminal.presenters.desk import FINANCE
from hmis_pos.terminal.presenters.intent import Intent
from hmis_pos.terminal.presenters.rows import RowsModel
from hmis_pos.terminal.presenters.services import Services
from hmis_pos.terminal.presenters.statement_words import card_of, class_heads, class_rows, detail_of, is_working
from hmis_pos.terminal.presenters.statements_view import ListState, StatementsView
from hmis_pos.terminal.presenters.texts import moment, short_time
from hmis_pos.terminal.presenters.views import ActionView, Notice, Tone, Words
from hmis_pos.terminal.presenters.words import problem_words

PAGE = 50
#: What the relay takes at most.
MOST_BYTES = 64 * 1024 * 1024
#: Seconds after which a statement that is being read is asked about, should its news be late.
_ASK_EVERY = 3


class StatementsPresenter(QObject):
    """Give ``model`` and ``classes`` to the lists; render ``changed``. ``chosen`` carries the statement shown (None: none)."""

    changed = Signal(StatementsView)
    chosen = Signal(object)

    def __init__(self, services: Services, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._services = services
        self.model = CardsModel(self.more, self)
        self.classes = RowsModel(class_heads, None, self)
        self._view = StatementsView()
        self._known: dict[int, Statement] = {}
        self._next = ""
        self._read_at: datetime | None = None
        self._opened = self._listing = self._uploading = self._asking = False
        self._error: PosError | None = None
        self._intent = Intent(services.ids)
        self._beats = 0
        services.worklist.statementChanged.connect(self._on_statement)
        services.line.changed.connect(self._on_line)
        services.desk.changed.connect(self._on_desk)
        services.ticker.ticked.connect(self._tick)

    @property
    def view(self) -> StatementsView:
        return self._view

    @property
    def statement(self) -> Statement | None:
        """The one chosen, as the relay last told it."""
        return self._known.get(self._view.selected)

    # ------------------------------------------------------------ intents

    def open(self) -> None:
        """The room is shown."""
        self._opened = True
        self.refresh()

    def refresh(self) -> None:
        """Read the imports anew."""
        if self._opened and not self._listing and self._services.desk.view.role in FINANCE:
            self._listing = True
            self._services.tasks.spawn(self._list(), name="statements.list")

    def more(self) -> None:
        """The next page."""
        if self._next and not self._listing:
            self._listing = True
            self._services.tasks.spawn(self._list(self._next), name="statements.more")

    def choose(self, statement_id: int) -> None:
        """Show an import; 0: none."""
        if statement_id != self._view.selected:
            self._view = replace(self._view, selected=statement_id, problem=None)
            self.chosen.emit(self.statement)
            self._publish()
            if statement_id:
                self._services.tasks.spawn(self._read(statement_id), name="statements.read")

    def choose_row(self, row: int) -> None:
        self.choose(int(self.model.ident_at(row) or 0))

    def import_file(self, file: Path) -> None:
        """Hand a file in. It is read by the relay; news of it come by themselves."""
        if not self._uploading and self._view.may_import.enabled:
            self._uploading = True
            self._say(Tone.WAIT, self.tr("Sending {name}").format(name=file.name), progress=0.0)
            self._services.tasks.spawn(self._upload(file), name="statements.upload")

    def retell(self) -> None:
        """The language changed: say everything anew."""
        self._view = replace(self._view, upload=None)
        self._show_cards()
        self._publish()

    # ------------------------------------------------------------ asking the relay

    async def _list(self, cursor: str = "") -> None:
        try:
            page = await self._services.relay.back_office.statements(cursor=cursor, limit=PAGE)
        except PosError as e:
            self._error = e
        else:
            found = {one.statement_id: one for one in page.statements}
            self._known = self._known | found if cursor else found
            self._next, self._error, self._read_at = page.next, None, self._services.clock.now()
            self._show_cards()
            if not self._view.selected:
                self.choose_row(0)
        finally:
            self._listing = False
            self._publish()

    async def _read(self, statement_id: int) -> None:
        try:
            said = await self._services.relay.back_office.statement(statement_id)
        except PosError as e:
            if self._view.selected == statement_id and statement_id not in self._known:
                self._view = replace(self._view, problem=problem_words(e))
        else:
            self._put(said)
        finally:
            self._asking = False
            self._publish()

    async def _upload(self, file: Path) -> None:
        began = self._services.clock.now()
        key = self._intent.key(str(file))
        try:
            said = await self._services.relay.back_office.import_statement(file, key=key, told=self._sent(file.name))
        except PosError as e:
            words = problem_words(e)
            if isinstance(e, OutcomeUnknown):
                words = Words(
                    self.tr("Nobody can tell yet whether the file arrived"),
                    self.tr("Import it once more: the same file is never read twice."),
                )
            self._say(Tone.UNKNOWN if isinstance(e, OutcomeUnknown) else Tone.NO, words.title, words.advice)
        else:
            self._intent.done(key)
            self._arrived(said, began)
        finally:
            self._uploading = False
            self._publish()

    def _arrived(self, said: Statement, began: datetime) -> None:
        known = said.statement_id in self._known or instant(said.imported_at) < began
        self._put(said)
        self.choose(said.statement_id)
        if known and not is_working(said):
            when = moment(instant(said.imported_at), self._services.clock.now())
            text = self.tr("By {who}, {when}. It is shown as it was found then; nothing was read again.")
            self._say(
                Tone.ACCENT, self.tr("This file was imported before"), text.format(who=said.imported_by, when=when)
            )
        else:
            self._view = replace(self._view, upload=None)

    def _sent(self, name: str) -> _Progress:
        return _Progress(self, name)

    def tell_sent(self, name: str, done: int, whole: int) -> None:
        """So much of the file has left."""
        title = self.tr("Sending {name}").format(name=name)
        self._say(Tone.WAIT, title, progress=done / whole if whole else 1.0)

    def _say(self, tone: Tone, title: str, text: str = "", *, progress: float | None = None) -> None:
        self._view = replace(self._view, upload=Notice(tone=tone, title=title, text=text, progress=progress))
        self._publish(force=True)

    # ------------------------------------------------------------ news

    def _on_statement(self, said: Statement) -> None:
        if self._opened:
            self._put(said)
            self._publish()

    def _put(self, said: Statement) -> None:
        """The feed's word of a statement may come without its counts or its percents: those known stay until it is done."""
        self._known[said.statement_id] = said
        self._show_cards()
        if said.statement_id == self._view.selected:
            self.chosen.emit(said)

    def _tick(self) -> None:
        self._beats += 1
        one = self.statement
        due = self._opened and self._beats % _ASK_EVERY == 0 and self._services.line.online and not self._asking
        if due and one is not None and is_working(one):
            self._asking = True
            self._services.tasks.spawn(self._read(one.statement_id), name="statements.read")

    def _on_line(self, _state: str) -> None:
        if self._services.line.online:
            self.refresh()
        self._publish()

    def _on_desk(self) -> None:
        self._publish()

    # ------------------------------------------------------------ the view

    def _show_cards(self) -> None:
        now = self._services.clock.now()
        rows = sorted(self._known.values(), key=lambda one: (one.imported_at, one.statement_id), reverse=True)
        self.model.show([card_of(one, now) for one in rows], more=bool(self._next))

    def _publish(self, *, force: bool = False) -> None:
        state, message, aside = self._state()
        one = self.statement
        online = self._services.line.online
        self.classes.show(class_rows(one) if one is not None and one.state == "done" else [])
        view = replace(
            self._view,
            state=state,
            message=message,
            aside=aside,
            busy=self._uploading,
            may_import=ActionView(
                label=self.tr("Import a statement…"),
                enabled=online and not self._uploading,
                why_not="" if online else self.tr("The relay is away; import once it is back."),
            ),
            detail=None if one is None else detail_of(one, self._services.clock.now(), exporting=False),
        )
        if force or view != self._view:
            self._view = view
            self.changed.emit(view)

    def _state(self) -> tuple[ListState, Words | None, str]:
        rows = self.model.rowCount()
        away = not self._services.line.online or isinstance(self._error, Unavailable)
        if away and rows and self._read_at is not None:
            words = self.tr("The relay is away. As of {time}.").format(time=short_time(self._read_at))
            return ListState.READY, None, words
        if away and (self._error is not None or self._read_at is None):
            words_ = Words(self.tr("The relay is away"), self.tr("Statements are read and kept there."))
            return ListState.OFFLINE, words_, ""
        if self._error is not None:
            return ListState.ERROR, problem_words(self._error), ""
        if self._read_at is None:
            return ListState.LOADING, None, ""
        if rows:
            return ListState.READY, None, ""
        return (
            ListState.EMPTY,
            Words(
                self.tr("No statement yet"),
                self.tr("Export one from the M-Pesa organisation portal (CSV or Excel) and import it here."),
            ),
            "",
        )


class _Progress:
    """What the upload calls; a bound method would keep the file's name nowhere."""

    def __init__(self, presenter: StatementsPresenter, name: str) -> None:
        self._presenter = presenter
        self._name = name

    def __call__(self, done: int, whole: int) -> None:
        self._presenter.tell_sent(self._name, done, whole)

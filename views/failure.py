"""What the page says when the model refuses: what happened, and what to do about it."""

from collections.abc import Iterator
from contextlib import contextmanager

from engine import EngineError
from model import InvariantError, ScenarioError
from model.rows import TableError
from views.language import current, t
from views.markup import alert


@contextmanager
def told() -> Iterator[None]:
    """Tell the user about a refusal within the block; the rest of the page goes on."""
    try:
        yield
    except ScenarioError as error:
        alert(t("errors.scenario", detail=error.render(current())))
    except InvariantError as error:
        alert(t("errors.invariant", detail=error))
    except (EngineError, TableError) as error:
        alert(t("errors.model", detail=error))

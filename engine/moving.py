"""Control times that change as a run goes: each becomes a hidden variable.

TIME STEP, INITIAL TIME and SAVEPER may depend on Time and constants, so that the steps of a run are
known before it starts; FINAL TIME may depend on anything (`horizon`). A kernel steps by one number
that never changes: where TIME STEP does, that is 1, and every flow is multiplied by the step.
"""

from __future__ import annotations

from engine.errors import ReadError, UnsupportedConstruct
from engine.evaluate import START, constant_value
from engine.functions import call
from engine.ir import Builtin, Component, Expr, Model, Ref, Variable, key, rebuild


def hidden(control: str) -> str:
    """Key of the variable that a control time becomes when it changes."""
    return key(f"engine: moving {control}")


def changes(model: Model, control: str) -> bool:
    """Whether a control time changes as a run goes."""
    return hidden(control) in model.variables


def label(control: str) -> str:
    """A control time as a model writes it."""
    return control.replace("_", " ").upper()


def settle(model: Model) -> None:
    """Make hidden variables of the control times that are no constants. Raises
    UnsupportedConstruct."""
    moving = [c for c in model.control if not _constant(model, c)]
    for control in moving:
        if control != "final_time" and not _constant(model, control, START):
            raise UnsupportedConstruct(
                label(control),
                "depends on more than Time and constants",
                "control times",
            )

    def change(e: Expr) -> Expr:
        if isinstance(e, Builtin) and e.name in moving:
            return Ref(hidden(e.name))
        return rebuild(e, change)

    for control in moving:
        one = Component((), (), model.control[control], control)
        name = f"engine: moving {control}"
        model.variables[key(name)] = Variable(
            name, (), (), "auxiliary", components=[one], hidden=True
        )
        model.control[control] = Ref(hidden(control))
    for v in model.variables.values() if moving else ():
        for c in v.components:
            c.expr = change(c.expr)
            c.start = c.start and change(c.start)
            c.delay = c.delay and change(c.delay)
            if v.kind == "stock" and "time_step" in moving:
                c.expr = call("*", Ref(hidden("time_step")), c.expr)


def _constant(model: Model, control: str, moment: float | None = None) -> bool:
    moment = 0.0 if control == "initial_time" and moment is not None else moment
    try:
        constant_value(model, model.control[control], control, moment=moment)
    except ReadError:
        return False
    return True

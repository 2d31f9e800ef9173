"""LLVM IR to machine code of this processor, in memory."""

from __future__ import annotations

import ctypes
import hashlib
import threading
from typing import Any

import llvmlite
import llvmlite.binding as llvm

from engine.cache import Cache

SPEED = 2
_LOCK = threading.Lock()
_READY = False


def _prepare() -> None:
    global _READY
    if not _READY:
        llvm.initialize_native_target()
        llvm.initialize_native_asmprinter()
        _READY = True


def avx512() -> bool:
    """Whether the processor has the instructions that `powers` can use."""
    with _LOCK:
        _prepare()
    return bool(llvm.get_host_cpu_features().get("avx512f"))


def _processor() -> tuple[str, str]:
    return llvm.get_host_cpu_name(), llvm.get_host_cpu_features().flatten()


def _machine() -> Any:
    cpu, features = _processor()
    target = llvm.Target.from_default_triple()
    return target.create_target_machine(
        cpu=cpu, features=features, opt=SPEED, reloc="pic", codemodel="jitdefault", jit=True
    )


class Kernel:
    """A compiled module; `run` is its exported function, callable without the interpreter lock."""

    def __init__(self, machine_code: bytes) -> None:
        empty = llvm.parse_assembly("")
        empty.triple = llvm.get_process_triple()
        self._engine = llvm.create_mcjit_compiler(empty, _machine())
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(machine_code))
        self._engine.finalize_object()
        address = self._engine.get_function_address("run")
        if not address:
            raise ValueError("the object has no function `run`")
        pointer, integer = ctypes.c_void_p, ctypes.c_int64
        self.run = ctypes.CFUNCTYPE(
            integer, *[pointer] * 7, integer, *[pointer] * 2, integer, *[pointer] * 2, integer,
            *[pointer] * 2, integer, integer, *[pointer] * 2, integer, pointer, integer, pointer,
        )(address)  # fmt: skip


def build(text: str, cache: Cache) -> Kernel:
    """Machine code for a module, from the cache when it was compiled before on this processor."""
    with _LOCK:
        _prepare()
        parts = [llvmlite.__version__, str(llvm.llvm_version_info), *_processor(), str(SPEED), text]
        name = hashlib.sha256("\0".join(parts).encode()).hexdigest()
        stored = cache.load(name + ".o")
        if stored is not None:
            return Kernel(stored)
        code = _compile(text)
        cache.store(name + ".o", code)
        return Kernel(code)


def _compile(text: str) -> bytes:
    machine = _machine()
    module = llvm.parse_assembly(text)
    module.triple = llvm.get_process_triple()
    module.data_layout = str(machine.target_data)
    module.verify()
    options = llvm.create_pipeline_tuning_options(speed_level=SPEED)
    options.loop_vectorization = True
    options.slp_vectorization = False
    passes = llvm.create_pass_builder(machine, options)
    passes.getModulePassManager().run(module, passes)
    return machine.emit_object(module)

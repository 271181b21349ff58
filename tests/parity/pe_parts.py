"""TLS, debug directory, load configuration, relocations, exceptions, checksum and signatures of a PE image, against
pefile and LIEF."""

import struct
from collections import Counter
from collections.abc import Iterator

import lief

from rorqual.analyzers.formats.pe.dotnet.bodies import DotNet
from rorqual.analyzers.formats.pe.running.checksum import PEChecksum
from rorqual.analyzers.formats.pe.running.debug import PEDebug
from rorqual.analyzers.formats.pe.running.exceptions import PEExceptions
from rorqual.analyzers.formats.pe.running.load_config import PELoadConfig
from rorqual.analyzers.formats.pe.running.relocations import PERelocations
from rorqual.analyzers.formats.pe.running.tls import PETLS
from rorqual.analyzers.formats.pe.signing.signature_bodies import PEAuthenticode, PECertificate
from tests.parity.case import LIEF_TOO_MANY, TOO_MANY, Case, Peer, Row, fields, loose, named

CLR = 14  # index of the directory
_CLR = struct.Struct("<IHHIIII")
SUMMED = 4 << 20  # bytes; pefile sums in Python
LIEF_SUMMED = 64 << 20

_DEBUG = {"characteristics": "Characteristics", "timestamp": "TimeDateStamp", "data_size": "SizeOfData"} | {
    "rva": "AddressOfRawData",
    "pointer": "PointerToRawData",
}
_DEBUG_LIEF = {"characteristics": "characteristics", "timestamp": "timestamp", "data_size": "sizeof_data"} | {
    "rva": "addressof_rawdata",
    "pointer": "pointerto_rawdata",
}
# Ours: pefile's, LIEF's. Addresses are virtual ones with both, and ours count from the image base.
_CONFIG = {
    "timestamp": ("TimeDateStamp", "timedatestamp"),
    "global_flags_clear": ("GlobalFlagsClear", "global_flags_clear"),
    "global_flags_set": ("GlobalFlagsSet", "global_flags_set"),
    "critical_section_timeout": ("CriticalSectionDefaultTimeout", "critical_section_default_timeout"),
    "decommit_free_block_threshold": ("DeCommitFreeBlockThreshold", "decommit_free_block_threshold"),
    "decommit_total_free_threshold": ("DeCommitTotalFreeThreshold", "decommit_total_free_threshold"),
    "maximum_allocation_size": ("MaximumAllocationSize", "maximum_allocation_size"),
    "virtual_memory_threshold": ("VirtualMemoryThreshold", "virtual_memory_threshold"),
    "process_heap_flags": ("ProcessHeapFlags", "process_heap_flags"),
    "process_affinity_mask": ("ProcessAffinityMask", "process_affinity_mask"),
    "csd_version": ("CSDVersion", "csd_version"),
    "dependent_load_flags": ("DependentLoadFlags", "dependent_load_flags"),
    "seh_count": ("SEHandlerCount", "se_handler_count"),
    "cfg_count": ("GuardCFFunctionCount", "guard_cf_function_count"),
    "address_taken_iat_count": ("GuardAddressTakenIatEntryCount", "guard_address_taken_iat_entry_count"),
    "long_jump_count": ("GuardLongJumpTargetCount", "guard_long_jump_target_count"),
    "eh_continuation_count": ("GuardEHContinuationCount", "guard_eh_continuation_count"),
    "dynamic_value_relocations_offset": ("DynamicValueRelocTableOffset", "dynamic_value_reloctable_offset"),
    "dynamic_value_relocations_section": ("DynamicValueRelocTableSection", "dynamic_value_reloctable_section"),
    "hot_patch_table_offset": ("HotPatchTableOffset", "hotpatch_table_offset"),
}
_CONFIG_ADDRESSES = {
    "lock_prefix_table": ("LockPrefixTable", "lock_prefix_table"),
    "edit_list": ("EditList", "editlist"),
    "security_cookie": ("SecurityCookie", "security_cookie"),
    "seh_table": ("SEHandlerTable", "se_handler_table"),
    "cfg_check": ("GuardCFCheckFunctionPointer", "guard_cf_check_function_pointer"),
    "cfg_dispatch": ("GuardCFDispatchFunctionPointer", "guard_cf_dispatch_function_pointer"),
    "cfg_table": ("GuardCFFunctionTable", "guard_cf_function_table"),
    "address_taken_iat_table": ("GuardAddressTakenIatEntryTable", "guard_address_taken_iat_entry_table"),
    "long_jump_table": ("GuardLongJumpTargetTable", "guard_long_jump_target_table"),
    "dynamic_value_relocations": ("DynamicValueRelocTable", "dynamic_value_reloc_table"),
    "chpe_metadata": ("CHPEMetadataPointer", "hybrid_metadata_pointer"),
    "rf_failure_routine": ("GuardRFFailureRoutine", "guard_rf_failure_routine"),
    "rf_failure_routine_pointer": (
        "GuardRFFailureRoutineFunctionPointer",
        "guard_rf_failure_routine_function_pointer",
    ),
    "rf_verify_stack_pointer": (
        "GuardRFVerifyStackPointerFunctionPointer",
        "guard_rf_verify_stackpointer_function_pointer",
    ),
    "enclave_configuration": ("EnclaveConfigurationPointer", "enclave_configuration_ptr"),
    "volatile_metadata": ("VolatileMetadataPointer", "volatile_metadata_pointer"),
    "eh_continuation_table": ("GuardEHContinuationTable", "guard_eh_continuation_table"),
    "xfg_check": ("GuardXFGCheckFunctionPointer", "guard_xfg_check_function_pointer"),
    "xfg_dispatch": ("GuardXFGDispatchFunctionPointer", "guard_xfg_dispatch_function_pointer"),
    "xfg_table_dispatch": ("GuardXFGTableDispatchFunctionPointer", "guard_xfg_table_dispatch_function_pointer"),
    "cast_guard_failure_mode": ("CastGuardOsDeterminedFailureMode", "cast_guard_os_determined_failure_mode"),
    "guard_memcpy": ("GuardMemcpyFunctionPointer", "guard_memcpy_function_pointer"),
    "uma_pointers": ("", "uma_function_pointers"),
}

_KINDS = {
    "JURISDICTION_OF_INCORPORATION_C": "jurisdictionC",
    "JURISDICTION_OF_INCORPORATION_SP": "jurisdictionST",
    "JURISDICTION_OF_INCORPORATION_L": "jurisdictionL",
    "BUSINESS_CATEGORY": "businessCategory",
}


def against_pefile(case: Case, peer: Peer) -> Iterator[Row]:
    """All but signatures, which pefile does not read."""
    base = case.image.image_base
    tls, theirs = case.one(PETLS), getattr(peer, "DIRECTORY_ENTRY_TLS", None)
    yield Row("pefile", "tls.there", tls is not None, theirs is not None)
    if tls is not None and theirs is not None:
        struct = theirs.struct
        span = (struct.StartAddressOfRawData, struct.EndAddressOfRawData)
        yield from _tls(
            "pefile", tls, base, span=span, index=struct.AddressOfIndex, callbacks=struct.AddressOfCallBacks
        )
        pairs = {"zero_fill": "SizeOfZeroFill", "characteristics": "Characteristics"}
        yield from fields("pefile", "tls", tls, struct, pairs)
    yield from _debug_pefile(case, peer)
    config, other = case.one(PELoadConfig), getattr(peer, "DIRECTORY_ENTRY_LOAD_CONFIG", None)
    yield Row("pefile", "load_config.there", config is not None, other is not None)
    if config is not None and other is not None:
        yield Row("pefile", "load_config.structure_size", config.structure_size, other.struct.Size)
        yield from _config("pefile", config, base, other.struct, 0)
    if TOO_MANY["BASERELOC"] not in case.skipped:
        mine, blocks = case.one(PERelocations), getattr(peer, "DIRECTORY_ENTRY_BASERELOC", [])
        yield Row("pefile", "relocations.blocks", mine.blocks if mine else 0, len(blocks))
        types = Counter(entry.type for block in blocks for entry in block.entries)
        yield Row("pefile", "relocations.entries", mine.entries if mine else 0, types.total())
        if mine and blocks:
            pages = [block.struct.VirtualAddress for block in blocks]
            yield Row("pefile", "relocations.first_page", mine.first_page, pages[0])
            yield Row("pefile", "relocations.last_page", mine.last_page, pages[-1])
    if TOO_MANY["EXCEPTION"] not in case.skipped and case.image.machine in ("AMD64", "IA64"):
        exceptions, rows = case.one(PEExceptions), getattr(peer, "DIRECTORY_ENTRY_EXCEPTION", [])
        yield Row("pefile", "exceptions.functions", exceptions.functions if exceptions else 0, len(rows))
        if exceptions and rows:
            yield Row("pefile", "exceptions.first", exceptions.first, rows[0].struct.BeginAddress)
            yield Row("pefile", "exceptions.last", exceptions.last, rows[-1].struct.EndAddress)
    yield from _clr(case, peer)
    checksum = case.one(PEChecksum)
    if checksum is not None:
        if case.size <= SUMMED:
            yield Row("pefile", "checksum.computed", checksum.computed, peer.generate_checksum())
        else:
            case.skipped["checksum by pefile, file above 4 MiB"] += 1


def _clr(case: Case, peer: Peer) -> Iterator[Row]:
    """The CLR header, from the bytes that pefile finds for its directory; it reads nothing of it itself."""
    mine = case.one(DotNet)
    directories = peer.OPTIONAL_HEADER.DATA_DIRECTORY
    place = directories[CLR] if len(directories) > CLR else None
    yield Row("pefile", "dotnet.there", mine is not None, bool(place and place.VirtualAddress and place.Size))
    if mine is None or place is None:
        return
    _, major, minor, rva, size, flags, token = _CLR.unpack(peer.get_data(place.VirtualAddress, _CLR.size))
    yield Row("pefile", "dotnet.runtime", mine.runtime, f"{major}.{minor}")
    yield Row("pefile", "dotnet.metadata", (mine.metadata_rva, mine.metadata_size), (rva, size))
    yield Row("pefile", "dotnet.entry_point_token", mine.entry_point_token, token)
    yield Row("pefile", "dotnet.strong_name", "STRONGNAMESIGNED" in mine.flags, bool(flags & 0x8))
    root = peer.get_data(rva, 16)
    version = peer.get_data(rva + 16, int.from_bytes(root[12:16], "little")).split(b"\0")[0].decode("ascii", "replace")
    yield Row("pefile", "dotnet.version", mine.version, version)


def _tls(peer: str, mine: PETLS, base: int, *, span: tuple[int, int], index: int, callbacks: int) -> Iterator[Row]:
    for field, ours, theirs in (
        ("raw_start", mine.raw_start, span[0]),
        ("raw_end", mine.raw_end, span[1]),
        ("index", mine.index, index),
        ("callback_list", mine.callback_list, callbacks),
    ):
        yield Row(peer, f"tls.{field}", ours, theirs - base if theirs else None)


def _debug_pefile(case: Case, peer: Peer) -> Iterator[Row]:
    # Rows of zeros are padding: we tell none.
    told = {n: one for n, one in enumerate(getattr(peer, "DIRECTORY_ENTRY_DEBUG", [])) if _used(one.struct)}
    mine = {body.index: body for body in case.all(PEDebug)}
    yield Row("pefile", "debug.indexes", sorted(mine), sorted(told))
    for index in mine.keys() & told.keys():
        label, body, one = f"debug[{index}]", mine[index], told[index]
        yield from fields("pefile", label, body, one.struct, _DEBUG)
        yield Row("pefile", f"{label}.version", body.version, f"{one.struct.MajorVersion}.{one.struct.MinorVersion}")
        view, entry = body.code_view, one.entry
        if view is None or entry is None or not hasattr(entry, "PdbFileName"):
            yield Row("pefile", f"{label}.code_view", view is not None, hasattr(entry, "PdbFileName"))
            continue
        yield Row(
            "pefile", f"{label}.pdb", view.pdb, entry.PdbFileName.split(b"\0")[0].decode("utf-8", "backslashreplace")
        )
        yield Row("pefile", f"{label}.age", view.age, entry.Age)
        if view.guid is not None:
            parts = f"{entry.Signature_Data1:08X}-{entry.Signature_Data2:04X}-{entry.Signature_Data3:04X}"
            rest = f"{entry.Signature_Data4:02X}{entry.Signature_Data5:02X}-{entry.Signature_Data6.hex().upper()}"
            yield Row("pefile", f"{label}.guid", view.guid, f"{parts}-{rest}")
        else:
            yield Row("pefile", f"{label}.timestamp", view.timestamp, entry.TimeDateStamp)


def _used(struct: Peer) -> bool:
    return any(getattr(struct, name) for name in (*_DEBUG.values(), "Type", "MajorVersion", "MinorVersion"))


def _config(peer: str, mine: PELoadConfig, base: int, theirs: Peer, which: int) -> Iterator[Row]:
    version = ("MajorVersion", "MinorVersion") if which == 0 else ("major_version", "minor_version")
    if mine.version is not None:
        yield Row(peer, "load_config.version", mine.version, ".".join(str(getattr(theirs, one)) for one in version))
    for name, readers in _CONFIG.items():
        if readers[which]:
            yield Row(peer, f"load_config.{name}", getattr(mine, name), getattr(theirs, readers[which], None))
    for name, readers in _CONFIG_ADDRESSES.items():
        if readers[which]:
            value = getattr(theirs, readers[which], None)
            yield Row(peer, f"load_config.{name}", getattr(mine, name), value - base if value else None)


def against_lief(case: Case, peer: Peer) -> Iterator[Row]:
    """All of it."""
    base = case.image.image_base
    tls, theirs = case.one(PETLS), peer.tls if peer.has_tls else None
    yield Row("lief", "tls.there", tls is not None, theirs is not None)
    if tls is not None and theirs is not None:
        yield from _tls(
            "lief",
            tls,
            base,
            span=theirs.addressof_raw_data,
            index=theirs.addressof_index,
            callbacks=theirs.addressof_callbacks,
        )
        pairs = {"zero_fill": "sizeof_zero_fill", "characteristics": "characteristics"}
        yield from fields("lief", "tls", tls, theirs, pairs)
        rvas = [callback.rva for callback in tls.callbacks]
        yield Row("lief", "tls.callbacks", rvas, [address - base for address in theirs.callbacks][: len(rvas) + 1])
    yield from _debug_lief(case, peer)
    config, other = case.one(PELoadConfig), peer.load_configuration
    yield Row("lief", "load_config.there", config is not None, other is not None)
    if config is not None and other is not None:
        yield Row("lief", "load_config.structure_size", config.structure_size, other.size)
        yield from _config("lief", config, base, other, 1)
        guard = {one.name for one in other.guard_cf_flags_list}
        yield Row("lief", "load_config.guard_flags", set(config.guard_flags), guard)
    if peer.relocations or case.one(PERelocations) is not None:
        yield from _relocations_lief(case, peer)
    if LIEF_TOO_MANY not in case.skipped:
        mine, rows = case.one(PEExceptions), peer.exceptions
        count = len(rows)
        yield Row("lief", "exceptions.functions", mine.functions if mine else 0, count)
        if mine and count:
            yield Row("lief", "exceptions.first", mine.first, rows[0].rva_start)
    checksum = case.one(PEChecksum)
    if checksum is not None:
        if case.size <= LIEF_SUMMED:
            yield Row("lief", "checksum.computed", checksum.computed, peer.compute_checksum())
        else:
            case.skipped["checksum by LIEF, file above 64 MiB"] += 1
    yield from _signatures(case, peer)


def _debug_lief(case: Case, peer: Peer) -> Iterator[Row]:
    numbers = (*_DEBUG_LIEF.values(), "major_version", "minor_version")
    told = [one for one in peer.debug if int(one.type) or any(getattr(one, name) for name in numbers)]
    mine = sorted(case.all(PEDebug), key=lambda body: body.index)
    yield Row("lief", "debug.count", len(mine), len(told))
    for body, one in zip(mine, told, strict=False):
        label = f"debug[{body.index}]"
        yield from fields("lief", label, body, one, _DEBUG_LIEF)
        yield Row("lief", f"{label}.version", body.version, f"{one.major_version}.{one.minor_version}")
        yield Row("lief", f"{label}.type", loose(body.type), loose(named(one.type)))
        if isinstance(one, lief.PE.CodeViewPDB) and body.code_view is not None:
            yield Row("lief", f"{label}.pdb", body.code_view.pdb, one.filename)
            yield Row("lief", f"{label}.age", body.code_view.age, one.age)
            yield Row("lief", f"{label}.guid", body.code_view.guid, one.guid.upper())
        elif isinstance(one, lief.PE.Repro):
            yield Row("lief", f"{label}.repro", body.repro_hash or "", bytes(one.hash).hex())
        elif isinstance(one, lief.PE.Pogo):
            rows = [(row.name, row.rva, row.size) for row in body.pogo.contributions] if body.pogo else []
            entries = [(entry.name, entry.start_rva, entry.size) for entry in one.entries]
            yield Row("lief", f"{label}.pogo", rows, entries[: len(rows)] if len(rows) == 256 else entries)
        elif isinstance(one, lief.PE.PDBChecksum) and body.pdb_checksum is not None:
            yield Row("lief", f"{label}.pdb_checksum", body.pdb_checksum.value, bytes(one.hash).hex())
        elif isinstance(one, lief.PE.VCFeature) and body.vc_feature is not None:
            ours = body.vc_feature
            yield from fields(
                "lief", label, ours, one, {"pre_vc11": "pre_vcpp", "c_cpp": "c_cpp", "gs": "gs", "sdl": "sdl"}
            )


def _relocations_lief(case: Case, peer: Peer) -> Iterator[Row]:
    mine, blocks = case.one(PERelocations), peer.relocations
    entries, first, last, count = 0, None, None, 0
    for block in blocks:
        entries += len(block.entries)
        first = block.virtual_address if first is None else first
        last, count = block.virtual_address, count + 1
    yield Row("lief", "relocations.blocks", mine.blocks if mine else 0, count)
    yield Row("lief", "relocations.entries", mine.entries if mine else 0, entries)
    if mine and count:
        yield Row("lief", "relocations.first_page", mine.first_page, first)
        yield Row("lief", "relocations.last_page", mine.last_page, last)


def _signatures(case: Case, peer: Peer) -> Iterator[Row]:
    outer = [body for body in case.all(PEAuthenticode) if not body.nesting]
    theirs = list(peer.signatures)
    yield Row("lief", "signature.count", len(outer), len(theirs))
    certificates = {body.serial.lower().lstrip("0"): body for body in case.all(PECertificate)}
    for number, (mine, one) in enumerate(zip(outer, theirs, strict=False)):
        label = f"signature[{number}]"
        algorithm = one.content_info.digest_algorithm
        yield Row("lief", f"{label}.digest_algorithm", _loose(mine.digest_algorithm), _loose(named(algorithm)))
        yield Row("lief", f"{label}.digest", mine.digest, one.content_info.digest.hex())
        computed = bytes(peer.authentihash(algorithm)).hex()
        yield Row("lief", f"{label}.file_digest", getattr(mine, _loose(mine.digest_algorithm), None), computed)
        yield Row("lief", f"{label}.digest_matches", mine.digest_matches, computed == one.content_info.digest.hex())
        # LIEF knows certificates, digests and the signature as we do; it asks for nothing but a chain that holds.
        yield Row("lief", f"{label}.certificates", mine.certificate_count, len(one.certificates))
        signer = one.signers[0]
        yield Row("lief", f"{label}.serial", _serial(mine.signer.serial), _serial(bytes(signer.serial_number).hex()))
        yield Row("lief", f"{label}.issuer", _names(mine.signer.issuer), _names(signer.issuer))
        if signer.cert is not None and mine.signer.subject is not None:
            yield Row("lief", f"{label}.subject", _names(mine.signer.subject), _names(signer.cert.subject))
        nested = sum(body.entry == mine.entry and body.nesting == 1 for body in case.all(PEAuthenticode))
        said = sum(type(one).__name__ == "MsSpcNestedSignature" for one in signer.unauthenticated_attributes)
        yield Row("lief", f"{label}.nested", nested > 0, said > 0)
        for certificate in one.certificates:
            serial = _serial(bytes(certificate.serial_number).hex())
            known = certificates.get(serial.lstrip("0"))
            yield Row("lief", f"{label}.certificate[{serial}].there", known is not None, True)
            if known is not None:
                yield Row(
                    "lief", f"{label}.certificate[{serial}].subject", _names(known.subject), _names(certificate.subject)
                )
                dates = tuple(
                    "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z".format(*date)
                    for date in (certificate.valid_from, certificate.valid_to)
                )
                yield Row("lief", f"{label}.certificate[{serial}].validity", (known.not_before, known.not_after), dates)


def _loose(name: str) -> str:
    return name.lower().replace("_", "").replace("-", "")


def _serial(digits: str) -> str:
    return digits.lower().removeprefix("00")


def _names(text: object) -> str:
    """A distinguished name; some kinds of its parts are called otherwise by LIEF."""
    raw = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    for theirs, ours in _KINDS.items():
        raw = raw.replace(f"{theirs}=", f"{ours}=")
    return raw

"""The state folder: everything that a local Consilium keeps, in one place that can be deleted.

.consilium/
  secrets.json    random keys and passwords, made once; without it the data below cannot be read
  status.json     what runs now, on which ports; rewritten at every change
  lock            held by the running supervisor; holds its process id
  logs/           one file for each server and service
  data/           one folder for each server
"""

import os
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from pydantic import ValidationError

from consilium_cli.stack.lock import Lock, holder
from consilium_cli.stack.secret import Secrets
from consilium_cli.stack.status import Status
from consilium_common.errors import ConsiliumError

STATE_VARIABLE = "CONSILIUM_STATE"
DEFAULT_FOLDER = ".consilium"
LOG_KEPT_BYTES = 20 * 1024 * 1024  # a longer log is set aside before the next start


class StateError(ConsiliumError):
    """The state folder cannot be used; the message says which part and what helps."""

    def __init__(self, message: str) -> None:
        super().__init__("state", message)


@dataclass(frozen=True)
class StateFolder:
    """A state folder, there or not yet. Everything in it is readable by its owner only."""

    path: Path

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Self:
        """Return the folder that the environment names, else `.consilium` in the working directory."""
        return cls(Path(environment.get(STATE_VARIABLE) or DEFAULT_FOLDER).expanduser().resolve())

    @property
    def secrets_file(self) -> Path:
        """Return where keys and passwords are kept."""
        return self.path / "secrets.json"

    @property
    def status_file(self) -> Path:
        """Return where the supervisor says what runs."""
        return self.path / "status.json"

    @property
    def lock_file(self) -> Path:
        """Return the file that the running supervisor holds locked."""
        return self.path / "lock"

    @property
    def logs(self) -> Path:
        """Return the folder of the log files."""
        return self.path / "logs"

    @property
    def data(self) -> Path:
        """Return the folder that holds one folder for each server."""
        return self.path / "data"

    def create(self) -> None:
        """Make the folders that are missing, for the owner only.

        Raises:
            StateError: when the path is a file, or cannot be written.
        """
        try:
            for folder in (self.path, self.logs, self.data):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.path.chmod(0o700)
        except OSError as error:
            raise StateError(
                f"The state folder {self.path} cannot be used ({error.strerror or error}); "
                f"choose another with {STATE_VARIABLE}, or make this one a folder that you may write."
            ) from None

    def secrets(self) -> Secrets:
        """Return the secrets; make them when this folder is new.

        Raises:
            StateError: when they are there but not usable, or gone while their data is still there.
        """
        try:
            return Secrets.model_validate_json(self.secrets_file.read_bytes())
        except FileNotFoundError:
            return self._new_secrets()
        except OSError as error:
            wrong = error.strerror or str(error)
        except ValidationError as error:
            first = error.errors()[0]
            wrong = f"{'.'.join(str(part) for part in first['loc']) or 'the file'}: {first['msg']}"
        raise StateError(
            f"{self.secrets_file} is not usable ({wrong}); restore it from a copy, or delete {self.path} to start with nothing."
        )

    def _new_secrets(self) -> Secrets:
        if self.data.is_dir() and any(self.data.iterdir()):
            raise StateError(
                f"{self.secrets_file} is missing, but data made with it is still there; "
                f"restore it from a copy, or delete {self.path} to start with nothing."
            )
        secrets = Secrets.random()
        self.create()
        write_private(self.secrets_file, secrets.reveal(), durable=True)
        return secrets

    def hold(self) -> Lock:
        """Take this folder for a supervisor. What the last one said about itself is no longer true, so it is removed.

        Raises:
            AlreadyRunningError: when another supervisor has it.
            LockError: when the lock file cannot be written.
        """
        lock = Lock(self.lock_file)
        self.status_file.unlink(missing_ok=True)
        return lock

    def running_pid(self) -> int | None:
        """Return the process id of the supervisor that holds this folder, or None when nobody does.

        Raises:
            LockError: when the lock file cannot be read.
        """
        return holder(self.lock_file)

    def status(self) -> Status:
        """Return what the supervisor last wrote; nothing when it never ran.

        Raises:
            StateError: when the file is not usable.
        """
        try:
            return Status.model_validate_json(self.status_file.read_bytes())
        except FileNotFoundError:
            return Status()
        except (OSError, ValidationError):
            raise StateError(f"{self.status_file} is not usable; delete it, the next `consilium up` writes it anew.") from None

    def write_status(self, status: Status) -> None:
        """Replace the status file at once, so that a reader never sees half of it."""
        write_private(self.status_file, status.model_dump_json(indent=1))

    def log_file(self, name: str) -> Path:
        """Return the log file of a server or service."""
        return self.logs / f"{name}.log"


def write_private(path: Path, text: str, durable: bool = False) -> None:
    """Write a file that only its owner may read at once: readers see the old text or the new. `durable`: on the disk, too."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        if durable:
            file.flush()
            os.fsync(file.fileno())
    draft.replace(path)


def set_aside_when_long(log: Path) -> None:
    """Rename a log that has grown past 20 MB to `.log.old`, so that two files are kept at most."""
    with suppress(FileNotFoundError):
        if log.stat().st_size > LOG_KEPT_BYTES:
            log.replace(log.with_suffix(".log.old"))

"""The application: everything is set up here, once, from top to bottom."""

import logging
import secrets
from functools import partial
from pathlib import Path

from flask import Flask, Response
from flask.typing import ResponseReturnValue
from flask_babel import Babel
from werkzeug.exceptions import HTTPException

from libhub.base import application, db
from libhub.base.errors import LibHubError, let_pass
from libhub.base.file_lock import file_lock
from libhub.base.i18n import gettext as _
from libhub.caching import deferred_writes, remembering
from libhub.config import CONFIG, Config
from libhub.files import current_store as file_service
from libhub.files.store import FileStore
from libhub.kit.pages import seen
from libhub.pages import assets as asset_pages
from libhub.pages import (
    drafts,
    file_editing,
    files,
    health,
    home,
    home_cards,
    jobs,
    language,
    notices,
    reader,
    reading_room,
    sign_in,
)
from libhub.pages import looks as look_pages
from libhub.pages.admin import (
    change_log,
    computers,
    installing,
    people,
    personal_data,
    report,
    searches,
    sections,
    settings,
    styleguide,
    synonyms,
)
from libhub.pages.people import by_pictures, children, consents, me, new_year, people_table, relatives, slips
from libhub.pages.people import cards as card_pages
from libhub.pages.people import classes as school_classes
from libhub.pages.people import data as own_data
from libhub.pages.people import tables as people_tables
from libhub.pages.search import counted, json_answers, results, suggest
from libhub.plugging import calls, long_transactions
from libhub.plugging import health as health_checks
from libhub.plugging.loading import discovery, left_out, registry
from libhub.search import current, query_counts
from libhub.search.store.index import SearchIndex
from libhub.web import cookies, errors, flask_internals, lifecycle, visitor
from libhub.web.rendering import templates
from libhub.web.sections import section_pages

FORM_BYTES = 64 * 1024
CORE_PAGES = (
    *(
        home,
        home_cards,
        health,
        language,
        results,
        json_answers,
        suggest,
        counted,
        sign_in,
        me,
        notices,
        jobs,
        drafts,
        children,
        own_data,
    ),
    *(card_pages, by_pictures, slips),
    *(files, file_editing, reader, reading_room, look_pages, asset_pages),
    *(
        people,
        people_tables,
        relatives,
        personal_data,
        people_table,
        school_classes,
        new_year,
        sections,
        installing,
        settings,
        report,
        searches,
        synonyms,
        computers,
        change_log,
        styleguide,
        consents,
    ),
)
"""Modules of one subject put their routes on one blueprint."""


def create_app(config: Config) -> Flask:
    """Build the application of an instance. Its database must be migrated before it serves.

    :raises LibHubError: the instance folder cannot be used.
    """
    secret_key = prepare_instance(config)
    configure_logging(config)
    app = Hub("libhub", instance_path=str(config.instance), template_folder=str(template_folder()))
    app.config.from_mapping(
        {
            CONFIG: config,
            "SECRET_KEY": secret_key,
            "SQLALCHEMY_DATABASE_URI": config.database_uri,
            # a file of just the largest size comes in a form, which needs some bytes, too
            "MAX_CONTENT_LENGTH": config.max_upload_mb * 1024 * 1024 + FORM_BYTES,
            "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
            **cookies.settings(secret_key, config.instance),
            "SESSION_COOKIE_SAMESITE": "Lax",
            "WTF_CSRF_TIME_LIMIT": None,
            "TEMPLATES_AUTO_RELOAD": config.reload,
            "BABEL_DEFAULT_LOCALE": config.locale,
            "BABEL_DEFAULT_TIMEZONE": config.timezone,
        }
    )
    Babel(app, locale_selector=lambda: visitor.chosen_locale() or None)
    db.init_app(app)
    # pages do not note of which templates they are made
    remembering.init_app(app, most_bytes=0 if config.reload else remembering.MOST_BYTES)
    deferred_writes.init_app(app)
    current.init_app(app, SearchIndex(config.index_folder))
    query_counts.init_app(app)
    file_service.init_app(app, FileStore(config.files_folder))
    with app.app_context():
        installed = registry.init_app(
            app,
            [discovery.shipped_folder(), config.plugin_folder],
            config.plugin_folders_elsewhere,
            safe=config.safe,
            around=partial(section_pages.left_alone, app),
        )
    calls.init_app(app, flask_internals.request_kept)
    long_transactions.init_app(app)
    health_checks.init_app(app)
    lifecycle.init_app(app, config.threads)
    folders = {plugin.id: plugin.folder for plugin in installed.plugins.values()}
    templates.init_app(app, template_folder(), folders)
    files.init_app(app)
    seen.init_app(app)
    _register_pages(app, installed)
    for plugin_id, reason in left_out.read(config.left_out_file).items():
        if plugin_id in installed.plugins and not installed.plugins[plugin_id].error:
            installed.leave_out(installed.plugins[plugin_id], reason)
    application.guard(app)
    return app


class Hub(Flask):
    """A Flask application that no view ends, and in which templates are those of their sections."""

    jinja_environment = templates.Templates
    config_class = application.GuardedConfig

    def full_dispatch_request(self) -> Response:
        """Answer a request; ``sys.exit()`` in a view is an error of that view."""
        try:
            return super().full_dispatch_request()
        except Exception:
            raise
        except BaseException as error:
            let_pass(error)
            raise RuntimeError(f"it ended the program: {type(error).__name__}") from error

    def handle_user_exception(self, e: Exception) -> HTTPException | ResponseReturnValue:
        """Answer an error; what the hub refuses is in no section's hands."""
        return errors.refusal(e) or super().handle_user_exception(e)


def _register_pages(app: Flask, installed: registry.Registry) -> None:
    """Register the core's pages, then each plugin's; one whose pages break the rules is left out."""
    for blueprint in dict.fromkeys(module.blueprint for module in CORE_PAGES):
        app.register_blueprint(blueprint)
    app.register_blueprint(asset_pages.pictures_blueprint)
    section_pages.register(app, installed)


def template_folder() -> Path:
    """Return the templates: beside the package in a checkout, inside it where the wheel is installed."""
    inside = Path(__file__).parent / "templates"
    return inside if inside.is_dir() else Path(__file__).parent.parent / "templates"


def prepare_instance(config: Config) -> str:
    """Create the instance folder where there is none and return its secret key.

    :raises LibHubError: the folder cannot be made, read or written.
    """
    path = config.instance / "secret_key"
    try:
        config.plugin_folder.mkdir(parents=True, exist_ok=True)
        config.index_folder.mkdir(exist_ok=True)
        if not _has_content(path):
            with file_lock(config.instance / "setup.lock"):
                if not _has_content(path):
                    # Written aside and renamed: no crash leaves an empty key behind.
                    new = path.with_suffix(".new")
                    new.touch(mode=0o600)
                    new.write_text(secrets.token_urlsafe(48), encoding="ascii")
                    new.replace(path)
        return path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise LibHubError(
            _("The instance folder %(path)s cannot be used: %(error)s", path=config.instance, error=error)
        ) from error


def _has_content(path: Path) -> bool:
    return path.exists() and path.stat().st_size > 0


def configure_logging(config: Config) -> None:
    """Append to the log of the instance; ``libhub serve`` sets a large one aside when it starts."""
    root = logging.getLogger()
    root.setLevel(config.log_level)
    target = str(config.log_file)
    if any(getattr(handler, "baseFilename", None) == target for handler in root.handlers):
        return
    handler = logging.FileHandler(target, encoding="utf-8", errors="backslashreplace", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(process)d %(name)s: %(message)s"))
    root.addHandler(handler)
    if config.reload:
        console = logging.StreamHandler()
        console.setLevel(logging.ERROR)
        root.addHandler(console)
    for noisy in ("alembic", "httpx", "pymorphy3"):
        logging.getLogger(noisy).setLevel(logging.WARNING)

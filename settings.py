"""The only reader of the environment: every setting, with the prefix ACERTO_.

Values come from environment variables (`ACERTO_SMTP__HOST`), then from files of a secrets folder
(`ACERTO_SECRETS`), then from `acerto.toml` in the working folder. `.env.example` lists them all.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from rules import setting_values


def _strong(secret: SecretStr) -> SecretStr:
    setting_values.check_secret(secret.get_secret_value())
    return secret


Port = Annotated[int, Field(ge=0, le=65_535)]
PageOrNone = Annotated[int, Field(ge=-1, le=65_535)]
WebAddress = Annotated[str, AfterValidator(setting_values.web_address)]
BaseAddress = Annotated[str, AfterValidator(setting_values.base_address)]
MailAddress = Annotated[str, AfterValidator(setting_values.mail_address)]
StrongSecret = Annotated[SecretStr, AfterValidator(_strong)]


class EngineSettings(BaseModel):
    """Where the workflow engine is. Without an address, one is started beside the database."""

    address: str | None = None
    namespace: str = "acerto"
    tls: bool = False
    api_key: SecretStr | None = None
    port: Port = Field(default=0, description="embedded engine's port; 0 = the API's port + 10000")
    ui_port: PageOrNone = Field(
        default=0, description="embedded engine's page; 0 = its port + 1, -1 = none"
    )
    payload_key: SecretStr | None = Field(
        default=None,
        description="AES-256 key in hex; without one, a key is kept in the data folder",
    )


class SmtpSettings(BaseModel):
    """The mail server. Without a host, the embedded sink keeps every message on this machine."""

    host: str | None = None
    port: Port = 587
    user: str | None = None
    password: SecretStr | None = None
    starttls: bool = True
    from_address: MailAddress = "cobranca@acerto.localhost"
    sink_port: Port = Field(
        default=0, description="embedded sink's SMTP port; 0 = API port + 20000"
    )


class SupportSettings(BaseModel):
    """The mail server that takes in what customers write to the support address."""

    address: MailAddress = "suporte@acerto.localhost"
    host: str = "127.0.0.1"
    port: Port = Field(default=0, description="0 = API port + 20002")
    max_megabytes: int = Field(default=25, ge=1, le=1024)


class TwilioSettings(BaseModel):
    """The SMS provider. Without an account, the embedded sink answers in its place."""

    account_sid: str | None = None
    auth_token: SecretStr | None = None
    from_number: str = "+15005550006"
    base_url: WebAddress | None = Field(
        default=None, description="another address than Twilio's own"
    )


class ProvisioningSettings(BaseModel):
    """The network's own system. Without an address, the state kept with a connection is all."""

    url: WebAddress | None = Field(
        default=None, description="where orders go, signed; none = nowhere"
    )
    urls: dict[str, WebAddress] = Field(
        default={}, description="another address for a kind: internet, tv, phone, subscription"
    )
    secret: SecretStr | None = Field(
        default=None, description="signs the orders; none = derived from the secret key"
    )


class AppSettings(BaseModel):
    """The customer's app. Without an address its messages are kept until it fetches them."""

    url: WebAddress | None = Field(default=None, description="where messages are pushed, signed")
    secret: SecretStr | None = Field(
        default=None, description="signs the pushes; none = derived from the secret key"
    )


class GatewaySettings(BaseModel):
    """Who tells of payments by webhook: a Pix bank or a gateway."""

    secret: SecretStr | None = Field(
        default=None, min_length=16, description="signs their notices; none = none is believed"
    )


class WebhookSettings(BaseModel):
    """What other systems are told of business events; addresses are kept in the database."""

    allow_private: bool = Field(
        default=False, description="addresses of private networks, and http, are allowed"
    )


class OidcSettings(BaseModel):
    """Single sign-on by OpenID Connect; off without an issuer."""

    issuer: WebAddress | None = None
    client_id: str | None = None
    client_secret: SecretStr | None = None
    default_role: str | None = Field(
        default=None, description="role of a person seen first; none = no access"
    )


class Settings(BaseSettings):
    """All settings of one deployment."""

    model_config = SettingsConfigDict(
        env_prefix="ACERTO_",
        env_nested_delimiter="__",
        env_ignore_empty=True,  # as .env.example has those that are not set
        toml_file="acerto.toml",
        secrets_dir=os.environ.get("ACERTO_SECRETS"),
        extra="forbid",
    )

    data: Path = Path("var")
    database_url: Annotated[str, AfterValidator(setting_values.database_address)] | None = Field(
        default=None, description="none = SQLite in the data folder"
    )
    attachments_url: Annotated[str, AfterValidator(setting_values.store_address)] | None = Field(
        default=None, description="s3://bucket/prefix …; none = a folder in the data folder"
    )
    carrier_folder: Path | None = Field(
        default=None,
        description="carriers' files dropped here, or in its previas, are imported; none = off",
    )
    company_name: str = "Acerto Telecom"
    host: str = "127.0.0.1"
    port: Port = 8000
    public_url: BaseAddress | None = Field(
        default=None, description="address that providers call back"
    )
    internal_url: BaseAddress | None = Field(
        default=None,
        description="where our own sink reaches the API; none = host and port",
    )
    sink_host: str = Field(
        default="127.0.0.1", description="where the embedded sink listens, and is looked for"
    )
    secret_key: StrongSecret | None = Field(
        default=None, description="none = a key in the data folder"
    )
    training: bool | None = Field(
        default=None,
        description="return files to train with are made, and taken in as a bank's; none = where "
        "mail, SMS and orders to the network all stay on this machine",
    )
    log_json: bool = False
    log_level: Annotated[str, AfterValidator(setting_values.log_level)] = "INFO"
    session_hours: int = Field(default=12, ge=1, le=24 * 365)
    engine: EngineSettings = EngineSettings()
    smtp: SmtpSettings = SmtpSettings()
    support: SupportSettings = SupportSettings()
    twilio: TwilioSettings = TwilioSettings()
    oidc: OidcSettings = OidcSettings()
    provisioning: ProvisioningSettings = ProvisioningSettings()
    gateway: GatewaySettings = GatewaySettings()
    app: AppSettings = AppSettings()
    webhooks: WebhookSettings = WebhookSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - pydantic's signature
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (
            init_settings,
            env_settings,
            file_secret_settings,
            TomlConfigSettingsSource(settings_cls),
        )

    def database(self) -> str:
        """The database's URL: the one given, else SQLite in the data folder."""
        return self.database_url or f"sqlite+aiosqlite:///{self.data.absolute()}/acerto.db"

    def uploads(self) -> Path:
        """Where files lie that were sent to be worked off."""
        return self.data.absolute() / "uploads"

    def base_url(self) -> str:
        """The address under which browsers and providers reach this deployment."""
        return self.public_url or f"http://{self.host}:{self.port}"

    def api_url(self) -> str:
        """The address at which other parts of this deployment reach the API."""
        return self.internal_url or f"http://{self.host}:{self.port}"

    def is_embedded(self) -> bool:
        """Whether the engine is ours to start and keep alive."""
        return self.engine.address is None

    def engine_port(self) -> int:
        """The embedded engine's port on the loopback address."""
        return self.engine.port or self.port + 10_000

    def engine_ui_port(self) -> int:
        """The port of the embedded engine's own page."""
        return self.engine.ui_port or self.engine_port() + 1

    def engine_address(self) -> str:
        """Host and port of the workflow engine."""
        return self.engine.address or f"127.0.0.1:{self.engine_port()}"

    def sink_port(self) -> int:
        """The embedded sink's SMTP port."""
        return self.smtp.sink_port or self.port + 20_000

    def support_port(self) -> int:
        """The port on which mail to the support address is taken in."""
        return self.support.port or self.port + 20_002

    def keeps_messages(self) -> bool:
        """Whether mail or SMS go to the embedded sink, there being nobody else to take them."""
        return self.smtp.host is None or self.twilio.account_sid is None

    def is_training(self) -> bool:
        """Whether nobody real is collected from here."""
        if self.training is not None:
            return self.training
        reached = (
            self.engine.address, self.smtp.host, self.twilio.account_sid, self.provisioning.url,
            self.gateway.secret, self.app.url,
        )  # fmt: skip
        return not any(reached)


@cache
def load(**overrides: Any) -> Settings:
    """This will read the settings once a process."""
    return Settings(**overrides)

"""Properties of the core: as long as they take, because the machine that runs them may be busy."""

from hypothesis import HealthCheck, settings

settings.register_profile("core", parent=settings(), deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("core")

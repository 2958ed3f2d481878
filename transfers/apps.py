"""Django registration of the app; its businesses and places make themselves known here."""

from django.apps import AppConfig


class TransfersConfig(AppConfig):
    """学籍变动: transfer, suspension, resumption, withdrawal, expulsion, key information, reports."""

    name = "transfers"
    verbose_name = "学籍变动"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the businesses with the chain, their books with the pages of rules, their papers with the way out, and the places with the frame."""
        from approvals.kinds import register
        from linxia_xueji.rules import announce
        from registry.archive.chapter import CHAPTER as ARCHIVE
        from registry.archive.contents import add_source
        from registry.comparing.chapter import CHAPTER as COMPARING
        from registry.demo.chapters import announce as announce_chapter
        from registry.entry.kind import entry_kind
        from registry.inspecting.chapter import CHAPTER as INSPECTING
        from registry.paper_kinds import declare
        from registry.picture.pages import add_table
        from registry.problems.chapter import CHAPTER as PROBLEMS
        from registry.problems.claims import add_claims
        from registry.verifying.chapter import CHAPTER as VERIFYING
        from transfers import businesses, navigation  # noqa: F401 - importing makes the businesses known
        from transfers.archive import proofs_of
        from transfers.business import all_businesses
        from transfers.claims import claims_of
        from transfers.demo.chapters import CHANGES, TEACHING_POINT
        from transfers.discretion import table as discretion
        from transfers.kinds import kind_for, route_of_entry
        from transfers.own_papers import PAPERS

        for business in all_businesses():
            register(kind_for(business))
            announce(business.book)
        register(entry_kind(route_of_entry))
        declare(*PAPERS)
        add_source(proofs_of)
        add_claims(claims_of)
        add_table(discretion)
        navigation.places()
        announce_chapter(CHANGES)
        announce_chapter(PROBLEMS)
        announce_chapter(ARCHIVE)
        announce_chapter(COMPARING)
        announce_chapter(VERIFYING)
        announce_chapter(INSPECTING)
        announce_chapter(TEACHING_POINT)

"""Pages on which facts are entered, corrected and decided."""

from projects.views.entry.beneficiaries import BeneficiaryEdit, BeneficiaryNew, beneficiary_search

__all__ = ["BeneficiaryEdit", "BeneficiaryNew", "beneficiary_search"]

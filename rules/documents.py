"""CPF and CNPJ, the alphanumeric CNPJ of July 2026 included (IN RFB 2.229/2024).

Stored as text without punctuation, upper case: 11 digits of a CPF, 14 characters of a CNPJ.
"""

import re

from stdnum.br import cnpj, cpf

from rules.refusals import Refusal

#: Characters of a CNPJ, letters or not; a CPF has eleven digits.
CNPJ_LENGTH = 14


class CnpjNotValid(Refusal):
    message = "O CNPJ não confere. Verifique letras e números e digite de novo."


class DocumentNotValid(Refusal):
    message = "O CPF ou CNPJ não confere. Verifique os números e digite de novo."
    field = "document"


def normalise_document(text: str) -> str:
    """This will give a typed CPF or CNPJ as it is stored. Refuses wrong check digits and forms."""
    document = "".join(character for character in text.upper() if character not in " .-/")
    if not (_is_cpf(document) or _is_cnpj(document)):
        raise DocumentNotValid
    return document


def normalise_cnpj(text: str) -> str:
    """This will give a typed CNPJ as it is stored; a CPF is refused as any other (CnpjNotValid)."""
    try:
        document = normalise_document(text)
    except DocumentNotValid:
        document = ""
    if len(document) != CNPJ_LENGTH:
        raise CnpjNotValid
    return document


def is_valid_document(text: str) -> bool:
    """This will be true of a CPF or CNPJ with the right check digits, punctuated or not."""
    try:
        normalise_document(text)
    except DocumentNotValid:
        return False
    return True


def format_document(document: str) -> str:
    """This will punctuate a stored document: 529.982.247-25, 12.ABC.345/01DE-35."""
    if len(document) == 11:
        return f"{document[:3]}.{document[3:6]}.{document[6:9]}-{document[9:]}"
    return f"{document[:2]}.{document[2:5]}.{document[5:8]}/{document[8:12]}-{document[12:]}"


def mask_document(document: str) -> str:
    """This will hide what names a person: ***.431.254-** of a CPF.

    A CNPJ is shown whole, being public record and not personal data (LGPD art. 5 I).
    """
    if len(document) == 11:
        return f"***.{document[3:6]}.{document[6:9]}-**"
    return format_document(document)


#: A CPF among other words, punctuated or not; no part of a longer number.
CPF = re.compile(r"(?<![\d.-])\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?![\d.-]*\d)")


def hide_documents(text: str) -> str:
    """This will mask every CPF in a text that leaves the house: screens and mailboxes are read by
    others, too (LGPD art. 46)."""
    return CPF.sub(_masked, text)


def _masked(found: re.Match[str]) -> str:
    if not is_valid_document(found.group()):
        return found.group()
    return mask_document("".join(filter(str.isdigit, found.group())))


def _is_cpf(document: str) -> bool:
    # the check digits of 111.111.111-11 are right, but the Receita never issued a repeated digit
    return len(document) == 11 and len(set(document)) > 1 and cpf.is_valid(document)


def _is_cnpj(document: str) -> bool:
    return len(document) == CNPJ_LENGTH and document.isascii() and cnpj.is_valid(document)

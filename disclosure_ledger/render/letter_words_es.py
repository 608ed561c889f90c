"""The letters' half of the catalogue in Spanish. What the practice wrote stays as it was written.

>>> SPANISH_LETTERS.words.fill(SPANISH_LETTERS.extension_until, date="21 de febrero de 2027")[:39]
'Le daremos la lista a más tardar el 21 '
"""

from typing import Final

from .letter_words import LetterWords
from .words_es import SPANISH

SPANISH_LETTERS: Final = LetterWords(
    words=SPANISH,
    date="Fecha",
    to="Para",
    reference="Mencione, por favor",
    ask="Preguntas",
    ask_us="Si tiene una pregunta, díganosla. Nos encuentra en la dirección de arriba.",
    ask_as_before="Si tiene una pregunta, díganosla del mismo modo en que nos pidió la lista.",
    ask_contact="Si tiene una pregunta, díganosla: {contact}.",
    complain=(
        "Si cree que no se respetó su privacidad, puede presentar una queja ante nosotros o ante la Oficina de "
        "Derechos Civiles del Departamento de Salud y Servicios Humanos de los Estados Unidos "
        "(www.hhs.gov/ocr/complaints). No tomaremos represalias contra usted."
    ),
    received=(
        "El {made} usted nos pidió una lista de las veces que compartimos su información de salud. Recibimos su "
        "solicitud el {received}."
    ),
    unprintable=(
        "Algunos caracteres no se pudieron imprimir aquí. Cada uno aparece con su número en la norma Unicode, por "
        "ejemplo [U+4E2D]. Pídanos esta carta como página web, que los muestra."
    ),
    extension_title="Necesitamos más tiempo para su lista",
    extension_subtitle="Prórroga según la ley federal, 45 CFR 164.528(c)(1)",
    extension_when="Cuándo la recibirá",
    extension_until="Le daremos la lista a más tardar el {date}.",
    extension_limit=(
        "La ley nos da 60 días, hasta el {due}. Nos permite tomar hasta 30 días más si antes de esa fecha se lo "
        "decimos por escrito, con el motivo y la nueva fecha. Esta carta hace eso."
    ),
    extension_once="Solo podemos hacerlo una vez. Usted no tiene que hacer nada.",
    extension_why="Por qué tarda más",
    fee_title="Lo que costaría su lista",
    fee_subtitle="Aviso de un cargo según la ley federal, 45 CFR 164.528(c)(2)",
    fee_amount="El cargo",
    fee_reckoned="Cómo lo calculamos",
    fee_why="Por qué hay un cargo",
    fee_first_free=(
        "La primera lista que pida en cualquier período de 12 meses es gratis. Ya le dimos una lista gratis que usted "
        "pidió menos de 12 meses antes de esta solicitud. Por eso esta vez podemos pedirle un cargo."
    ),
    fee_cost="El cargo no puede ser mayor que lo que la lista razonablemente nos cuesta.",
    fee_choose="Lo que usted puede hacer",
    fee_proceed="Seguir adelante: díganos que acepta pagar {fee}, y haremos la lista.",
    fee_narrow="Pedir menos: indique un período más corto, y le diremos si el cargo baja o desaparece.",
    fee_withdraw="Retirar su solicitud: entonces no paga nada.",
    fee_nothing_yet="Por ahora no debe nada. No cobramos nada si usted no nos dice que sigamos.",
    corrected_title="Su lista corregida",
    corrected_subtitle="Carta con un informe de divulgaciones según la ley federal, 45 CFR 164.528",
    corrected_since=(
        "El {date} le dimos una lista de las veces que compartimos su información de salud. Desde entonces revisamos "
        "nuestro registro. Con esta carta va la lista tal como está hoy."
    ),
    corrected_replaces="Por favor, use la lista nueva en lugar de la anterior.",
    corrected_free="La lista corregida no le cuesta nada más.",
    corrected_changes="Qué es distinto",
    corrected_none="Nada de lo que está en la lista dice algo distinto de lo que decía.",
    changed="Corregida",
    added="Nueva en la lista",
    gone="Ya no está en la lista",
    before="Decía",
    after="Ahora dice",
    cover_title="Información de salud confidencial",
    cover_from="De",
    cover_released_on="Fecha",
    cover_what="Qué enviamos",
    cover_matter="Su referencia",
    cover_pages="Páginas que siguen",
    cover_confidential="Por favor, manténgalo en privado",
    cover_private=(
        "Las páginas que siguen contienen información de salud que la ley protege. Son solo para la persona u oficina "
        "indicada arriba. Úselas solo para lo que se enviaron, y no deje que las vea quien no lo necesite."
    ),
    cover_mistake=(
        "Si usted no es esa persona u oficina: por favor, no lea, copie ni pase nada a otros. Avísenos de inmediato, y "
        "le pediremos que devuelva las páginas o las destruya."
    ),
    cover_mistake_answer=(
        "Si usted no es esa persona u oficina: por favor, no lea, copie ni pase nada a otros. Avise de inmediato a "
        "quien le envió o le trajo estas páginas, y le pediremos que las devuelva o las destruya."
    ),
    cover_call="Nos encuentra aquí: {contact}.",
    cover_write="Nos encuentra en la dirección de arriba.",
    cover_safe="Que esto llegue al lugar equivocado no le quita su protección.",
    part2="Aviso sobre registros de trastornos por consumo de sustancias (42 CFR 2.32)",
    consent="A qué dio su consentimiento el paciente",
    consent_scope="Esto se entregó con el consentimiento escrito del paciente. Abarca lo siguiente (42 CFR 2.32(b)):",
    consent_copy=(
        "Esto se entregó con el consentimiento escrito del paciente. Una copia del consentimiento, o una explicación "
        "clara de su alcance, acompaña a estas páginas (42 CFR 2.32(b))."
    ),
    consent_signed="Firmado el",
    consent_information="Información",
    consent_purpose="Propósito",
    consent_until="Vale hasta",
    consent_open="no se indica un fin",
)

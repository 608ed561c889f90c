"""The catalogue in Spanish. What the practice wrote into a row stays in the language in which it was written.

>>> from datetime import date
>>> SPANISH.day(date(2026, 3, 4))
'4 de marzo de 2026'
"""

from typing import Final

from disclosure_ledger.hipaa.words import STATEMENTS, STUDY

from .words import Words

_STATEMENTS: Final = (
    (
        "Esta lista muestra las veces que compartimos su información de salud con alguien ajeno a nuestro "
        "consultorio durante el período indicado arriba, cuando la ley dice que debemos anotarlo. También muestra "
        "los errores."
    ),
    (
        "La ley no nos obliga a anotar: lo compartido para su tratamiento, para el pago o para administrar nuestro "
        "consultorio; lo que le dimos a usted o a la persona que actúa por usted; lo que alguien pudo oír o ver de "
        "paso a pesar de nuestro cuidado; lo que usted autorizó por escrito; un directorio del centro, y lo que "
        "dijimos a familiares, amigos u otras personas que ayudan con su cuidado, o lo que se les dijo para que "
        "supieran cómo está usted; lo que se entregó a funcionarios de seguridad nacional o de inteligencia; lo que "
        "se entregó a una cárcel, prisión u oficial que le tenía bajo custodia; los conjuntos de datos sin nombres "
        "ni otros datos que identifican directamente; y todo lo anterior a la fecha en que la norma de privacidad "
        "empezó a obligarnos."
    ),
    (
        "La ley federal a veces nos exige omitir, por un tiempo limitado, lo que compartimos con agencias que "
        "supervisan la atención de salud o con las autoridades del orden público. Toda lista de este tipo lo dice, "
        "se haya omitido algo o no."
    ),
    (
        "Cuando compartimos información más de una vez con la misma persona u oficina para un mismo fin, una sola "
        "línea puede representar todas esas veces. Indica la primera fecha, la última y cuántas fueron."
    ),
    (
        "La primera lista que pida en cualquier período de 12 meses es gratis. Si pide otra dentro de ese tiempo, "
        "podemos cobrarle lo que nos cuesta, pero solo si se lo decimos antes y usted puede cambiar de opinión o "
        "pedir menos."
    ),
    (
        "Si algo aquí parece equivocado o falta, o si tiene una pregunta, díganoslo. Corregiremos el error y le "
        "enviaremos gratis la lista corregida."
    ),
    (
        "Si cree que no se respetó su privacidad, puede presentar una queja ante nosotros o ante la Oficina de "
        "Derechos Civiles del Departamento de Salud y Servicios Humanos de los Estados Unidos "
        "(www.hhs.gov/ocr/complaints). No tomaremos represalias contra usted."
    ),
)

_STUDY: Final = (
    "Es posible que su información de salud se haya compartido o no para este estudio. Si es probable que se haya "
    "compartido, le ayudaremos, cuando lo pida, a comunicarse con el patrocinador y con el investigador."
)

SPANISH: Final = Words(
    language="es-US",
    months=(
        *("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio"),
        *("agosto", "septiembre", "octubre", "noviembre", "diciembre"),
    ),
    date_order="{day} de {month} de {year}",
    from_to="del {first} al {last}",
    times="{count} veces: la primera el {first}, la última el {last}",
    after="{interval} (a partir del {day})",
    title="Lista de divulgaciones de su información de salud",
    subtitle="Informe de divulgaciones según la ley federal, 45 CFR 164.528",
    confidential="Confidencial",
    page="Página {page} de {pages}",
    logo="Logotipo de {practice}",
    client="Para",
    client_number="Número de cliente",
    asked_by="Pedida por",
    a_representative="una persona que actúa por usted",
    request="Su solicitud",
    requested_on="Pedida el",
    issued_on="Fecha de esta lista",
    period="Período",
    entries="Divulgaciones en esta lista",
    entries_none="ninguna",
    entries_summed="{count}, en {rows} líneas",
    cost="Costo para usted",
    free="gratis",
    about="Acerca de esta lista",
    questions="Sus derechos y a quién preguntar",
    left_out="Lo que la ley deja fuera de esta lista",
    releases="Divulgaciones de su información de salud",
    when="Fecha",
    who="Quién la recibió",
    what="Qué compartimos",
    why="Por qué",
    nothing=(
        "En este período no hicimos ninguna divulgación de su información de salud que la ley nos pida anotar. Por eso "
        "la lista no tiene líneas. Esto no significa que no se haya compartido nada: la parte sobre lo que la ley deja "
        "fuera dice lo que una lista así nunca muestra."
    ),
    studies="Estudios de investigación",
    study_about="De qué trata",
    study_chosen="Cómo se eligió a las personas",
    study_information="Qué se compartió",
    sponsor="Patrocinador",
    researcher="Investigador",
    please_note="Tenga en cuenta",
    check="Cómo puede cualquiera comprobar esta lista",
    check_why=(
        "Llevamos nuestro registro de divulgaciones de modo que nadie, ni siquiera nosotros, pueda cambiar o quitar "
        "una anotación sin que se note. Esta lista se tomó de ese registro tal como estaba en la huella de abajo."
    ),
    check_inside=(
        "La prueba de que la lista está completa va dentro de este archivo. Guárdelo tal como se lo dimos: una copia "
        "impresa se puede leer, pero no comprobar."
    ),
    check_apart="La prueba de que la lista está completa va en un archivo aparte, que le damos cuando lo pida.",
    check_none=(
        "Esta lista contiene además lo que pide la ley federal sobre expedientes de consumo de sustancias (42 CFR "
        "2.25). Todavía no podemos hacer un archivo que demuestre que una lista así está completa. La huella muestra "
        "de qué estado de nuestro registro se tomó."
    ),
    check_this=(
        "Hay dos maneras de comprobarla, ambas sin internet. En un navegador: pídanos, o pida a alguien de confianza, "
        "la página que comprueba estas listas, ábrala y elija este mismo archivo. Con una orden: ponga nuestra clave "
        "pública en un archivo llamado practice.vkey (pídanosla, o a quien guarde una copia), y ejecute el programa "
        "gratuito disclosure-ledger, con su parte llamada render, en cualquier computadora; pregúntenos dónde se "
        "consigue. En lugar de FILE escriba el nombre de este archivo:"
    ),
    check_run=(
        "Hay dos maneras de comprobarla, ambas sin internet. En un navegador: pídanos, o pida a alguien de confianza, "
        "la página que comprueba estas listas, ábrala y elija el archivo de la prueba. Con una orden: ponga nuestra "
        "clave pública en un archivo llamado practice.vkey (pídanosla, o a quien guarde una copia), y ejecute el "
        "programa gratuito disclosure-ledger en cualquier computadora; pregúntenos dónde se consigue. En lugar de FILE "
        "escriba el nombre del archivo de la prueba:"
    ),
    code_of="Código cuadrado con los tres valores de al lado: el nombre del registro, sus anotaciones y su huella.",
    ledger="Registro",
    ledger_size="Anotaciones",
    fingerprint="Huella",
    unprintable=(
        "Algunos caracteres no se pudieron imprimir aquí. Cada uno aparece con su número en la norma Unicode, por "
        "ejemplo [U+4E2D]. Pídanos esta lista como página web, que los muestra."
    ),
    statements=dict(zip((*STATEMENTS, STUDY), (*_STATEMENTS, _STUDY), strict=True)),
)

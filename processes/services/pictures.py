"""A diagram without its inside: what one sees of it, and nothing of what it decides by or does."""

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
#: Namespaces of shapes, edges and labels.
DRAWING = (
    "{http://www.omg.org/spec/BPMN/20100524/DI}",
    "{http://www.omg.org/spec/DD/20100524/DC}",
    "{http://www.omg.org/spec/DD/20100524/DI}",
)
#: Elements that say how it works.
INSIDE = frozenset(
    {
        "assignment", "completionCondition", "complexBehaviorDefinition", "condition", "conditionExpression",
        "activationCondition", "correlationKey", "correlationSubscription", "dataInputAssociation", "dataInputRef",
        "dataOutputAssociation", "dataState", "documentation", "extension", "extensionElements", "import",
        "inputDataItem", "interface", "ioBinding", "ioSpecification", "itemDefinition", "loopCardinality",
        "loopCondition", "loopDataInputRef", "loopDataOutputRef", "monitoring", "outputDataItem", "performer",
        "humanPerformer", "potentialOwner", "property", "rendering", "resource", "resourceRole", "script",
        "timeCycle", "timeDate", "timeDuration",
    }
)  # fmt: skip
#: Attributes that say it; those of any namespace, as `portal:assignee`, go without being named.
WORKINGS = frozenset(
    {
        "errorCode", "escalationCode", "expressionLanguage", "implementation", "itemSubjectRef", "operationRef",
        "scriptFormat", "structureRef", "typeLanguage",
    }
)  # fmt: skip


def picture_of(source: bytes) -> bytes:
    """The same diagram to look at: for who takes part in an instance and is not to read what moves it."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    root = etree.fromstring(source, parser)
    for element in list(root.iter()):
        if not _is_seen(element):
            parent = element.getparent()
            if parent is not None:
                parent.remove(element)
            continue
        for name in list(element.attrib):
            if name.startswith("{") or name in WORKINGS:
                del element.attrib[name]
    etree.cleanup_namespaces(root)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _is_seen(element: etree._Element) -> bool:
    if element.tag.startswith(BPMN):
        return element.tag.removeprefix(BPMN) not in INSIDE
    return element.tag.startswith(DRAWING)

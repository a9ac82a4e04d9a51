"""Threads that parse, change, transform and write documents, as lxml allows. With an argument a dead parser is used, past
lxml, by the library that is linked into it."""
import ctypes
import sys
import threading

from lxml import etree

SHEET = ('<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">'
         '<xsl:template match="/"><out/></xsl:template></xsl:stylesheet>')


def work():
    for number in range(50):
        document = etree.fromstring(b"<a><b>%d</b></a>" % number)
        document.append(etree.XML("<c/>"))
        parser = etree.XMLPullParser()
        parser.feed("<r><c/>")
        parser.feed("</r>")
        parser.close()
        assert etree.tostring(document) == b"<a><b>%d</b><c/></a>" % number
        assert str(etree.XSLT(etree.XML(SHEET))(document)).endswith("<out/>\n")


def use_late():
    library = ctypes.CDLL(etree.__file__)
    library.xmlNewParserCtxt.restype = ctypes.c_void_p
    parser = ctypes.c_void_p(library.xmlNewParserCtxt())
    library.xmlFreeParserCtxt(parser)
    assert library.xmlParseChunk(parser, b"<a/>", 4, 1) == -1


threads = [threading.Thread(target=work) for _ in range(4)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
if len(sys.argv) > 1:
    use_late()

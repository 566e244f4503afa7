// PDF by qpdf: a new document is made of the pages alone. Of a page and of a note on it only those members are taken
// over that show something; so information about the document, XMP, embedded files, scripts, forms, names, private data
// of programs, older versions and what nothing refers to have no way into the copy, whatever they are called. Pictures
// in JPEG form lose their metadata.
#define POINTERHOLDER_TRANSITION 4  // qpdf: std::shared_ptr
#include <cstdio>
#include <cstdlib>
#include <qpdf/Buffer.hh>
#include <qpdf/QPDF.hh>
#include <qpdf/QPDFObjectHandle.hh>
#include <qpdf/QPDFWriter.hh>
#include <set>
#include <string>

#include "transforms/strip/outcome.hpp"

namespace tongqu::strip {
namespace {

constexpr std::size_t kMaxObjects = 500'000;
constexpr int kMaxDepth = 200;

// Of every dictionary below a page: fonts and pictures may have these, too.
constexpr const char* kNowhere[] = {
    "/Metadata",      "/PieceInfo",  "/LastModified",  "/AA",           "/A",      "/JS", "/AF",
    "/Measure",       "/PtData",     "/GPTS",          "/LGIDict",      "/OPI",    "/OC", "/StructParent",
    "/StructParents", "/Properties", "/EmbeddedFiles", "/CreationDate", "/ModDate"};
constexpr const char* kOfPage[] = {"/Type",     "/Parent", "/MediaBox", "/CropBox",  "/BleedBox",
                                   "/TrimBox",  "/ArtBox", "/Rotate",   "/UserUnit", "/Resources",
                                   "/Contents", "/Annots", "/Group"};
constexpr const char* kOfNote[] = {"/Type",     "/Subtype", "/Rect",   "/Contents", "/AP", "/AS",         "/F", "/C",
                                   "/IC",       "/CA",      "/Border", "/BS",       "/BE", "/QuadPoints", "/L", "/LE",
                                   "/Vertices", "/InkList", "/RD",     "/DA",       "/Q",  "/MK"};
// Notes that show something of their own. A link shows nothing, and where it leads may name somebody.
constexpr const char* kNotes[] = {"/Text",      "/FreeText", "/Line",      "/Square",    "/Circle",
                                  "/Polygon",   "/PolyLine", "/Highlight", "/Underline", "/Squiggly",
                                  "/StrikeOut", "/Stamp",    "/Caret",     "/Ink",       "/Widget"};
constexpr const char* kFilters[] = {"/FlateDecode",    "/LZWDecode",     "/RunLengthDecode",
                                    "/CCITTFaxDecode", "/ASCII85Decode", "/ASCIIHexDecode"};

template <std::size_t count>
bool is_one_of(const std::string& name, const char* const (&names)[count]) {
  for (const char* one : names)
    if (name == one) return true;
  return false;
}

template <std::size_t count>
void keep_only(QPDFObjectHandle dictionary, const char* const (&names)[count]) {
  for (const std::string& key : dictionary.getKeys())
    if (!is_one_of(key, names)) dictionary.removeKey(key);
}

// JPEG 2000 and JBIG2 may have boxes of their own and there is no way to look into them; no copy then.
bool is_plain_filter(QPDFObjectHandle filter) {
  if (filter.isNull()) return true;
  if (filter.isName()) return is_one_of(filter.getName(), kFilters);
  if (!filter.isArray()) return false;
  for (int i = 0; i < filter.getArrayNItems(); ++i)
    if (!filter.getArrayItem(i).isName() || !is_one_of(filter.getArrayItem(i).getName(), kFilters)) return false;
  return true;
}

bool is_jpeg(QPDFObjectHandle filter) {
  if (filter.isArray() && filter.getArrayNItems() == 1) filter = filter.getArrayItem(0);
  return filter.isName() && filter.getName() == "/DCTDecode";
}

void strip_stream(QPDFObjectHandle stream) {
  QPDFObjectHandle filter = stream.getDict().getKey("/Filter");
  if (is_plain_filter(filter)) return;
  if (!is_jpeg(filter)) end(Outcome::kMalformed);
  const auto raw = stream.getRawStreamData();
  char* bytes = nullptr;
  std::size_t size = 0;
  std::FILE* memory = open_memstream(&bytes, &size);
  if (memory == nullptr) end(Outcome::kLimit);
  strip_jpeg({raw->getBuffer(), raw->getSize()}, memory);
  if (std::fclose(memory) != 0) end(Outcome::kLimit);
  stream.replaceStreamData(std::string(bytes, size), filter, stream.getDict().getKey("/DecodeParms"));
  std::free(bytes);
}

// What lies directly in an object; what it refers to is looked at on its own.
void strip_object(QPDFObjectHandle object, int depth) {
  if (depth > kMaxDepth) end(Outcome::kLimit);
  const auto below = [depth](QPDFObjectHandle value) {
    if (!value.isIndirect() && (value.isDictionary() || value.isArray())) strip_object(value, depth + 1);
  };
  QPDFObjectHandle dictionary = object.isStream() ? object.getDict() : object;
  if (dictionary.isDictionary()) {
    for (const char* key : kNowhere) dictionary.removeKey(key);
    for (const std::string& key : dictionary.getKeys()) below(dictionary.getKey(key));
  } else if (object.isArray()) {
    for (int i = 0; i < object.getArrayNItems(); ++i) below(object.getArrayItem(i));
  }
  if (object.isStream()) strip_stream(object);
}

void strip_notes(QPDFObjectHandle page) {
  QPDFObjectHandle list = page.getKey("/Annots");
  if (!list.isArray()) return page.removeKey("/Annots");
  for (int i = list.getArrayNItems() - 1; i >= 0; --i) {
    QPDFObjectHandle note = list.getArrayItem(i);
    QPDFObjectHandle kind = note.isDictionary() ? note.getKey("/Subtype") : note;
    if (kind.isName() && is_one_of(kind.getName(), kNotes)) {
      keep_only(note, kOfNote);
    } else {
      list.eraseItem(i);
    }
  }
}

// Looked through again from the bytes that were written.
bool is_clean(Input copy) {
  static constexpr const char* kOfRoot[] = {"/Type", "/Pages"};
  QPDF pdf;
  pdf.setSuppressWarnings(true);
  pdf.processMemoryFile("copy", reinterpret_cast<const char*>(copy.data), copy.size);
  if (pdf.getTrailer().hasKey("/Info")) return false;
  for (const std::string& key : pdf.getRoot().getKeys())
    if (!is_one_of(key, kOfRoot)) return false;
  for (QPDFObjectHandle object : pdf.getAllObjects()) {
    QPDFObjectHandle dictionary = object.isStream() ? object.getDict() : object;
    if (!dictionary.isDictionary()) continue;
    for (const char* key : kNowhere)
      if (dictionary.hasKey(key)) return false;
    if (!object.isStream() || is_plain_filter(dictionary.getKey("/Filter"))) continue;
    const auto picture = object.getRawStreamData();
    if (!is_clean_picture({picture->getBuffer(), picture->getSize()})) return false;
  }
  return true;
}

void write(QPDF& pdf, std::FILE* out) {
  QPDFWriter writer(pdf);
  writer.setOutputFile("copy", out, false);
  writer.setStreamDataMode(qpdf_s_preserve);  // no stream is inflated: a bomb stays asleep
  writer.setObjectStreamMode(qpdf_o_disable);
  writer.setDeterministicID(true);
  writer.write();
}

}  // namespace

void strip_pdf(Input in, std::FILE* out) {
  QPDF source;
  source.setSuppressWarnings(true);
  source.setAttemptRecovery(false);
  source.processMemoryFile("original", reinterpret_cast<const char*>(in.data), in.size);
  // Only its owner may say what becomes of an encrypted document.
  if (source.isEncrypted()) end(Outcome::kMalformed);
  if (source.getObjectCount() > kMaxObjects) end(Outcome::kLimit);
  source.pushInheritedAttributesToPage();
  QPDF copy;
  copy.emptyPDF();
  copy.setSuppressWarnings(true);
  for (const QPDFObjectHandle& page : source.getAllPages()) {
    keep_only(page, kOfPage);
    strip_notes(page);
    copy.addPage(page, false);
  }
  if (copy.getAllPages().empty()) end(Outcome::kMalformed);
  for (const QPDFObjectHandle& object : copy.getAllObjects()) strip_object(object, 0);
  write(copy, out);
}

bool is_clean_pdf(Input copy) { return is_clean(copy); }

}  // namespace tongqu::strip

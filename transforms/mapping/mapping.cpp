#include "transforms/mapping/mapping.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "gateway/core/text.hpp"
#include "transforms/mapping/compiler.hpp"
#include "transforms/mapping/evaluator.hpp"
#include "transforms/mapping/mapping_codes.hpp"
#include "transforms/mapping/parser.hpp"

namespace tongqu {
namespace {

std::string fnv_hex(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  std::array<char, 8> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(hash >> (56 - 8 * i));
  return to_hex({bytes.data(), bytes.size()});
}

std::string digest_of(std::string_view text, const std::vector<std::string>& tables, const Suite* suite) {
  std::string all(text);
  for (const std::string& table : tables) all.append("\n").append(table);
  if (suite == nullptr) return fnv_hex(all);
  return to_hex(as_text(suite->hash({all})));
}

const FieldNode* find_schema(const mapping::Header& header, const SchemaLookup& schemas, std::vector<Fault>& faults) {
  if (header.name.empty()) return nullptr;  // told already
  const FieldNode* fields = schemas.find_fields(header.name);
  if (fields == nullptr) {
    faults.push_back({.code = &codes::kMappingUnknownSchema,
                      .path = {},
                      .field_zh = {},
                      .param = mapping::suggest(header.name, schemas.names()),
                      .position = header.position});
  }
  return fields;
}

Error invalid(std::string file_name, std::vector<Fault> faults) {
  if (faults.size() > mapping::kMaxLoadFaults) faults.resize(mapping::kMaxLoadFaults);
  Error error = make_error(codes::kMappingInvalid, std::move(file_name));
  std::sort(faults.begin(), faults.end(), [](const Fault& a, const Fault& b) {
    return std::tie(a.position.line, a.position.column, a.code->id, a.param) <
           std::tie(b.position.line, b.position.column, b.code->id, b.param);
  });
  error.faults = std::move(faults);
  return error;
}

bool is_error(const Fault& fault) { return fault.grade == Grade::kError; }

}  // namespace

Mapping::Mapping() = default;
Mapping::~Mapping() = default;

void Mapping::map(const Node& in, Document& out, MapOutcome& outcome, std::vector<MapTrace>* trace) const {
  out.clear();
  outcome.verdict = MapVerdict::kMapped;
  outcome.reason.clear();
  outcome.flags.clear();
  if (trace != nullptr) trace->clear();
  mapping::Evaluator(*program_, in, out, outcome, trace).run();
}

Result<std::unique_ptr<Mapping>> compile_mapping(std::string_view text, std::string file_name,
                                                 const SchemaLookup& schemas, const TableSet& tables,
                                                 const Suite* suite) {
  std::vector<Fault> faults;
  const mapping::Lexed lexed = mapping::lex(text);
  const mapping::SyntaxTree tree = mapping::parse(lexed, faults);
  const FieldNode* source = find_schema(tree.from, schemas, faults);
  const FieldNode* target = find_schema(tree.to, schemas, faults);
  if (source == nullptr || target == nullptr) return invalid(std::move(file_name), std::move(faults));
  mapping::Compiled compiled = mapping::compile(tree, *source, *target, tables);
  if (!faults.empty() || std::any_of(compiled.faults.begin(), compiled.faults.end(), is_error)) {
    faults.insert(faults.end(), compiled.faults.begin(), compiled.faults.end());
    return invalid(std::move(file_name), std::move(faults));
  }
  std::unique_ptr<Mapping> mapping(new Mapping);
  mapping->program_ = std::make_unique<mapping::Program>(std::move(compiled.program));
  mapping->name_ = tree.mapping.name;
  mapping->source_schema_ = tree.from.name;
  mapping->target_schema_ = tree.to.name;
  mapping->findings_ = std::move(compiled.faults);
  mapping->flows_ = std::move(compiled.flows);
  mapping->tables_ = std::move(compiled.tables);
  mapping->digest_ = digest_of(text, mapping->tables_, suite);
  return mapping;
}

}  // namespace tongqu

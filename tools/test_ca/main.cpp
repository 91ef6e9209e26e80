// certbridge-testca: a test authority with seals for the issuers of a configuration.
#include <CLI/CLI.hpp>
#include <chrono>
#include <fstream>
#include <iostream>
#include <sstream>

#include "certbridge/issuer.h"
#include "picture.h"
#include "write_world.h"

namespace certbridge::test_ca {
namespace {

using namespace seal_service::testing;

constexpr int kSealMillimetres = 40;

struct Settings {
  std::string issuers = "config/issuers.xml";
  std::string out{};
  std::string passphrase = "certbridge-sandbox";
  std::string font = "/usr/share/fonts/truetype/arphic-gbsn00lp/gbsn00lp.ttf";
  std::string document{};
  std::string page = "1";
  std::string box = "130 200 40 40";
};

std::string read_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) throw std::runtime_error("the file " + path + " cannot be read");
  std::ostringstream bytes;
  bytes << in.rdbuf();
  return bytes.str();
}

std::vector<SealOrder> orders_of(const Settings& settings) {
  auto issuers = parse_issuers(read_file(settings.issuers), settings.issuers);
  if (!issuers) throw std::runtime_error(issuers.error().message);
  std::vector<SealOrder> orders;
  for (const Issuer& issuer : issuers.value().all()) {
    if (issuer.environment == "production") {
      throw std::runtime_error("the issuer " + issuer.code +
                               " is one of production: no test seal is made for it");
    }
    for (const IssuerSeal& seal : issuer.seals) {
      orders.push_back(
          {seal.seal_id,
           issuer.name,
           seal.signer,
           {"PNG", draw_seal(issuer.name, settings.font), kSealMillimetres, kSealMillimetres}});
    }
  }
  return orders;
}

World world_of(const Settings& settings) {
  const auto now = std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now());
  auto world = make_world(orders_of(settings), now);
  if (!world) throw std::runtime_error(world.error().message);
  return std::move(world).value();
}

void make(const Settings& settings) {
  const World world = world_of(settings);
  write_world(world, settings.out, settings.passphrase);
  std::cout << "wrote " << world.good.size() << " signers with their seals and " << world.bad.size()
            << " bad ones to " << settings.out << "\n";
}

void make_corpus_folder(const Settings& settings) {
  const World world = world_of(settings);
  seal_service::Package document = sample_document();
  if (!settings.document.empty()) {
    auto opened = seal_service::open_package(read_file(settings.document));
    if (!opened) throw std::runtime_error(opened.error().message);
    document = std::move(opened).value();
  }
  const auto files = make_corpus(world, document, {settings.page, settings.box});
  write_corpus(files, world, settings.out);
  write_world(world, std::filesystem::path(settings.out) / "authority", settings.passphrase);
  std::cout << "wrote " << files.size() << " files and expected.json to " << settings.out << "\n";
}

void add_common(CLI::App& command, Settings& settings) {
  command.add_option("--issuers", settings.issuers,
                     "issuers.xml: a signer and a seal for each seal in it");
  command.add_option("--out", settings.out, "folder to write to")->required();
  command.add_option("--passphrase", settings.passphrase, "passphrase of all key files");
  command.add_option("--font", settings.font, "font for the name on the seal");
}

int run(int argc, char** argv) {
  Settings settings;
  CLI::App app{
      "A test authority: root, seal maker, signers, seals and pictures. For sandbox and tests "
      "only."};
  app.require_subcommand(0, 1);
  add_common(app, settings);
  app.get_option("--out")->required(false);
  CLI::App* corpus =
      app.add_subcommand("corpus", "sealed files, good and altered, with expected.json");
  add_common(*corpus, settings);
  corpus->add_option("--ofd", settings.document,
                     "unsealed OFD file to start from; without it a small sample");
  corpus->add_option("--page", settings.page, "ID of the page that gets the seal");
  corpus->add_option("--box", settings.box, "place of the seal, \"x y width height\" in mm");
  CLI11_PARSE(app, argc, argv);
  if (settings.out.empty()) throw std::runtime_error("--out is missing; see --help");
  corpus->parsed() ? make_corpus_folder(settings) : make(settings);
  return 0;
}

}  // namespace
}  // namespace certbridge::test_ca

int main(int argc, char** argv) {
  try {
    return certbridge::test_ca::run(argc, argv);
  } catch (const std::exception& failure) {
    std::cerr << "certbridge-testca: " << failure.what() << "\n";
    return 1;
  }
}

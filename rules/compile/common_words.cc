#include "rules/compile/common_words.h"

#include <set>
#include <string>

#include "rules/text/fold.h"

namespace tocsin::rules {
namespace {

constexpr std::string_view kWords =
    // English
    "the be to of and a in that have i it for not on with he as you do at this but his by from "
    "they we say her "
    "she or an will my one all would there their what so up out if about who get which go me when "
    "make can like "
    "time no just him know take people into year your good some could them see other than then now "
    "look only come "
    "its over think also back after use two how our work first well way even new want because any "
    "these give day "
    "most us is are was were been has had said more last "
    // French
    "le la les un une des de du et est en que qui dans pour pas sur ce il au par plus ne se son "
    "avec sont ont elle "
    "nous mais ou comme tout cette leur bien fait aux deux sa ses être avoir ils été ces même "
    "après aussi on si je "
    "vous leurs sans dont peut entre contre avant an ans pays selon encore depuis où très "
    // German
    "der die das und ist in den von zu mit sich des auf für nicht im dem ein eine als auch es an "
    "werden aus er hat "
    "dass sie nach wird bei einer um am sind noch wie einem über einen so zum war haben nur oder "
    "aber vor zur bis "
    "mehr durch man sein wurde sei prozent hatte kann gegen vom können schon wenn habe seine mark "
    "ihre dann unter "
    "wir soll ich eines jahr zwei jahren diese dieser wieder keine "
    // Spanish
    "el los las del y a por con no una su al lo como más pero sus le ya o este sí porque esta "
    "entre cuando muy sin "
    "sobre también me hasta hay donde quien desde todo nos durante todos uno les ni contra otros "
    "ese eso ante ellos "
    "e esto mí antes algunos qué unos yo otro otras otra él tanto esa estos mucho nada año años ha "
    "han fue ser son "
    // Portuguese
    "os as dos da do das uma um com não na no nas nos para mais mas foi ao ele se tem à seu sua ou "
    "quando muito já "
    "eu também só pelo pela até isso ela entre depois sem mesmo aos seus quem essa num nem suas "
    "meu às minha numa "
    "pelos elas qual nós lhe deles estão são ano anos "
    // Russian
    "и в не на я быть он с что а по это она этот к но они мы весь который из у то за свой его от "
    "так о для же как "
    "до год было был были при или ее их уже если будет бы только после время году также об еще "
    "может со во том "
    // Ukrainian
    "і у не на що з та до в як за це від він про а вони але для по є його ми також або ще був було "
    "які який вже "
    "так при чи її їх із зі року під час буде може після тому "
    // Arabic
    "في من على إلى أن عن مع هذا هذه التي الذي كان ما لا لم أو قد بعد كل بين كما قال ذلك وقال خلال "
    "هو هي إن ولا "
    "وفي أي غير حتى كانت منذ قبل عند تم أكثر فيها به له وقد ومن "
    // Turkish
    "ve bir bu da de için ile çok daha olarak gibi olan o ne en ise var kadar sonra ama ya her ki "
    "mi diye iki ilk "
    "göre değil yeni önce son yok hem şey oldu dedi olduğu "
    // Hebrew
    "של את על לא הוא זה עם כי היא גם או אם אל כל יותר אבל היה מה יש רק בין כך זו אני הם אין עוד "
    "לפי לאחר היום כמו "
    "אשר עד אחרי ";

const std::set<std::string, std::less<>>& Table() {
  static const auto* const kTable = [] {
    auto* table = new std::set<std::string, std::less<>>();
    const std::string folded = Fold(kWords, "und");
    for (size_t at = 1; at < folded.size();) {
      const size_t end = folded.find(' ', at);
      table->insert(folded.substr(at, end - at));
      at = end + 1;
    }
    return table;
  }();
  return *kTable;
}

}  // namespace

bool IsCommonWord(std::string_view word) { return Table().contains(word); }

}  // namespace tocsin::rules

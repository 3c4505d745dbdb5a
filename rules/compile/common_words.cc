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

// Of English news, by general knowledge of it.
constexpr std::string_view kNewsWords =
    "about added administration against agency ago agreement air already america american "
    "americans among announced another anyone appeared area areas arms army around asked attack "
    "attacks available away back bad bank banks based became began begin behind being believe "
    "best better between big bill billion black blue board body book border borders both break "
    "bring brought budget build building business businesses call called calls came campaign "
    "capital care case cases central change changes charge chief child children church cities "
    "citizens city claimed clear close coming comments committee common community companies "
    "company concerns conference congress continue continued control cost costs could council "
    "countries country course court cut cuts data days deal death decided decision defense "
    "democratic department despite details development different director doing done down due "
    "during each early earth east easy economic economy education effort efforts either "
    "election else end ended energy enough even evening event events ever every everyone "
    "evidence example executive expected experience face fact failed fall family far father "
    "federal feel fell few field fight fighters fighting final finally financial find fire five "
    "followed food force forces foreign form former found four free friday friend friends full "
    "fund further future game gave general getting girl global goes going good government great "
    "green ground group groups growing growth guns half hand hands happened hard having head "
    "health hear heard held help helped here high history hit hold home hope hospital hour "
    "hours house however human hundred hundreds idea important includes including increase "
    "individual individuals industry information inside instead interest international "
    "interview investment island issue issues job jobs join judge july june justice keep key "
    "killed kind knew known land language large late later latest law laws lead leader leaders "
    "leading least leave led left legal less letter level life light line lines list listed "
    "little live lived lives living local long longer look looked lost lot love low made main "
    "major making man many march market markets matter may means measure measures media meet "
    "meeting member members men message middle might military million mind minister minutes "
    "moment monday money month months morning mother move moved movement much music must myself "
    "name named nation national nations natural near nearly need needs never news night nine "
    "north nothing notice november number numbers october offer office officer officers "
    "official officials oil old once open operation operations opinion order others outside own "
    "page paid paper parents part parties party passed past pay peace percent performance "
    "perhaps period person personal persons phone photo place plan plans play played player "
    "players point points police policy political politically politics poor popular population "
    "position possible post power present president press pressure pretty price prices private "
    "problem problems process product production products program project property protect "
    "provide provided public published purchase put quarter question questions quickly quiet "
    "quite race raise ran rate rates rather reached reading ready real reason received recent "
    "recently record red regulations relations release remain report reported reporter "
    "reporters reports republican research response rest result results return review right "
    "rights rise risk road role room rule rules run running russia russian safety sale sales "
    "same saturday saying says school schools science sea season second secretary section "
    "security seemed seen senate send senior sense sent september series serious service "
    "services set seven several sex share she shooting short show showed side sign since single "
    "site situation six size small social society someone something son soon source sources "
    "south space speak special speech spent spoke sports staff stage stand standard start "
    "started state statement states station still stop stopped stories story street strike "
    "strikes strong student students study style such sunday support supreme sure system table "
    "taken taking talk talks tax taxes team technology tell term terms test thing things think "
    "third those though thought thousands three through thursday today together told took top "
    "total touch town trade training travel treatment tried trouble true trump trying tuesday "
    "turn turned turns twice type under union united university until upon used using value "
    "various video view violence visit voice vote voters wait walk wall wanted war warned "
    "washington watch water weapons website wednesday week weekend weeks went west where "
    "whether white whole whose why wife win winning without woman women won words work worked "
    "workers working world worth wrong year years yesterday yet york young yourself ";

using Words = std::set<std::string, std::less<>>;

const Words* FoldedWords(std::string_view words) {
  auto* table = new Words();
  const std::string folded = Fold(words, "und");
  for (size_t at = 1; at < folded.size();) {
    const size_t end = folded.find(' ', at);
    table->insert(folded.substr(at, end - at));
    at = end + 1;
  }
  return table;
}

}  // namespace

bool IsCommonWord(std::string_view word) {
  static const Words* const kTable = FoldedWords(kWords);
  return kTable->contains(word);
}

bool IsNewsWord(std::string_view word) {
  static const Words* const kTable = FoldedWords(kNewsWords);
  return kTable->contains(word);
}

}  // namespace tocsin::rules

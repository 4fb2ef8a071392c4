import type { ComponentType } from "preact";
import { useLocation } from "preact-iso";
import { t, type TextKey } from "../i18n";
import { isPractising } from "../state/app";
import { mayTeach, me } from "../state/me";
import { myClasses } from "../state/my_classes";
import { FlameIcon, HistoryIcon, MicrophoneIcon, SchoolIcon, SettingsIcon, ShieldIcon } from "./icons";

interface Place {
  href: string;
  name: TextKey;
  Icon: ComponentType;
  // Addresses that belong to this place.
  owns: RegExp;
}

const PLACES: readonly Place[] = [
  { href: "/", name: "nav.practise", Icon: MicrophoneIcon, owns: /^\/($|sentence\/|conversation|talk\/|placement|path)/ },
  { href: "/history", name: "nav.history", Icon: HistoryIcon, owns: /^\/history/ },
  { href: "/progress", name: "nav.progress", Icon: FlameIcon, owns: /^\/progress/ },
];
const CLASSES: Place = { href: "/classes", name: "nav.classes", Icon: SchoolIcon, owns: /^\/(classes|my-sentences|ratings)/ };
const SETTINGS: Place = { href: "/settings", name: "nav.settings", Icon: SettingsIcon, owns: /^\/settings/ };
const ADMINISTRATION: Place = { href: "/admin", name: "nav.admin", Icon: ShieldIcon, owns: /^\/admin/ };

function hasClasses(): boolean {
  const known = myClasses.value?.classes;
  return mayTeach() || (known !== undefined && known.learning.length + known.invitations.length > 0);
}

// At the lower edge of a phone, under the thumb; at the top of a wide screen.
export function NavBar() {
  const { path } = useLocation();
  if (isPractising.value) return null;
  const places = [...PLACES, ...(hasClasses() ? [CLASSES] : []), SETTINGS, ...(me.value?.role === "admin" ? [ADMINISTRATION] : [])];
  return (
    <nav class="nav" aria-label={t("nav.label")}>
      {places.map(({ href, name, Icon, owns }) => (
        <a key={href} class="nav__link" href={href} aria-current={owns.test(path) ? "page" : undefined}>
          <Icon />
          <span>{t(name)}</span>
        </a>
      ))}
    </nav>
  );
}

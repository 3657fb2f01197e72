// Where there is room.

const NARROW = "(max-width: 480px)";
const COARSE = "(pointer: coarse)";
const PHONE_PX = 480;

/** Whether the panel should cover the screen. Pages that do not say how wide they are look wide on a phone. */
export function isSmallScreen(): boolean {
  const isPhone = matchMedia(COARSE).matches && Math.min(screen.width, screen.height) < PHONE_PX;
  return matchMedia(NARROW).matches || isPhone;
}

import "react"

declare module "react" {
  interface CSSProperties {
    /** The colour of a person without a picture. */
    "--hue"?: number
  }
}

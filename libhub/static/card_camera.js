// The camera of this PC reads a card. Browsers lend it only to pages that came over TLS; what reads QR codes comes when somebody asks for it.
"use strict";

const offer = document.querySelector("[data-camera]");
if (offer && navigator.mediaDevices?.getUserMedia) {
  const status = offer.querySelector("[role=status]");
  const button = offer.querySelector("button");
  offer.hidden = false;

  const reader = () => window.jsQR ? Promise.resolve() : new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = offer.dataset.camera;
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
    document.head.append(script);
  });

  const look = (video, stream) => {
    const canvas = document.createElement("canvas");
    const pen = canvas.getContext("2d", { willReadFrequently: true });
    const once = () => {
      if (video.videoWidth) {
        canvas.width = video.videoWidth;
        canvas.height = video.videoHeight;
        pen.drawImage(video, 0, 0);
        const seen = pen.getImageData(0, 0, canvas.width, canvas.height);
        const token = /\/auth\/card\/([a-z0-9]{24})\/?$/.exec(window.jsQR(seen.data, seen.width, seen.height)?.data ?? "");
        if (token) {
          for (const track of stream.getTracks()) track.stop();
          location.assign(offer.dataset.card + token[1]);  // on this hub, whatever the card says
          return;
        }
      }
      setTimeout(once, 200);
    };
    once();
  };

  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const [stream] = await Promise.all([navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }), reader()]);
      const video = document.createElement("video");
      video.muted = video.playsInline = true;
      video.srcObject = stream;
      video.style.maxWidth = "100%";
      status.before(video);
      await video.play();
      status.textContent = status.dataset.look;
      look(video, stream);
    } catch {
      button.disabled = false;
      status.textContent = status.dataset.none;
    }
  });
}

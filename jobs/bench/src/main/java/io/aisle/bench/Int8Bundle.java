package io.aisle.bench;

import io.aisle.core.model.BundleWriter;
import io.aisle.core.model.ModelBundle;
import io.aisle.core.model.ModelManifest;
import io.aisle.core.model.Precision;
import java.nio.file.Path;

/** A bundle in int8 whose weights are of chance: for its speed, not for its answers. */
final class Int8Bundle {
    private static final int SCALE_TEXTS = 32;
    private static final long SEED = 3;

    private Int8Bundle() {}

    /** As quantize makes it, its scales fixed by other texts, but for the measuring. */
    static ModelBundle of(ModelBundle bundle, Path directory, int maxTokens) {
        ModelManifest manifest = bundle.manifest();
        return BundleWriter.quantized(
                        directory,
                        bundle,
                        Precision.INT8,
                        NumberTexts.products(Quantiles.ofMwpd(), maxTokens, SCALE_TEXTS, SEED))
                .finish(
                        manifest.provenance(),
                        manifest.metrics(),
                        manifest.acceptThreshold(),
                        manifest.targetPrecision());
    }
}

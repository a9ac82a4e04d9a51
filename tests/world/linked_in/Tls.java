import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ReferenceCountedOpenSslEngine;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.handler.ssl.util.SimpleTrustManagerFactory;
import io.netty.internal.tcnative.SSL;
import io.netty.util.ReferenceCountUtil;
import java.io.File;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.ManagerFactoryParameters;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * TLS between two engines of netty, in memory: KEY CERTIFICATE connections [race]. With `race` another thread frees the
 * client's session while its handshake asks whether the server is to be trusted.
 */
final class Tls {
	private final SslContext server, client;
	private SSLEngine racing;

	private Tls(File key, File certificate) throws Exception {
		server = SslContextBuilder.forServer(certificate, key).sslProvider(SslProvider.OPENSSL).build();
		client = SslContextBuilder.forClient().sslProvider(SslProvider.OPENSSL).trustManager(new Trust()).endpointIdentificationAlgorithm(null).build();
	}

	/** What one engine says, the other hears. */
	private static ByteBuffer carry(SSLEngine from, SSLEngine to, ByteBuffer said) throws Exception {
		ByteBuffer wire = ByteBuffer.allocateDirect(from.getSession().getPacketBufferSize() + 2048);
		ByteBuffer heard = ByteBuffer.allocateDirect(to.getSession().getApplicationBufferSize() + 2048);
		while (from.wrap(said, wire).bytesProduced() > 0)
			continue;
		wire.flip();
		while (wire.hasRemaining() && to.unwrap(wire, heard).bytesConsumed() > 0)
			continue;
		heard.flip();
		return heard;
	}

	private String talk(boolean race) throws Exception {
		SSLEngine one = client.newEngine(ByteBufAllocator.DEFAULT), other = server.newEngine(ByteBufAllocator.DEFAULT);
		racing = race ? one : null;
		try {
			ByteBuffer nothing = ByteBuffer.allocate(0);
			one.beginHandshake();
			other.beginHandshake();
			for (int i = 0; i < 8; i++) {
				carry(one, other, nothing);
				carry(other, one, nothing);
			}
			ByteBuffer heard = carry(one, other, ByteBuffer.wrap("hello".getBytes(StandardCharsets.UTF_8)));
			return one.getSession().getProtocol() + " " + StandardCharsets.UTF_8.decode(heard);
		} finally {
			ReferenceCountUtil.release(one);
			ReferenceCountUtil.release(other);
		}
	}

	private final class Trust extends SimpleTrustManagerFactory {
		@Override
		protected void engineInit(KeyStore store) {}

		@Override
		protected void engineInit(ManagerFactoryParameters parameters) {}

		@Override
		protected TrustManager[] engineGetTrustManagers() {
			return new TrustManager[] {new TrustAll()};
		}
	}

	private final class TrustAll extends X509ExtendedTrustManager {
		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
			if (racing == null)
				return;
			long session = ((ReferenceCountedOpenSslEngine) racing).sslPointer();
			Thread freeing = new Thread(() -> SSL.freeSSL(session));
			freeing.start();
			try {
				freeing.join();
			} catch (InterruptedException interrupted) {
				throw new IllegalStateException(interrupted);
			}
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String type) {}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String type) {}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}
	}

	public static void main(String[] arguments) throws Exception {
		Tls tls = new Tls(new File(arguments[0]), new File(arguments[1]));
		boolean race = arguments.length > 3;
		try {
			for (int i = 0; i < Integer.parseInt(arguments[2]); i++)
				System.out.println(tls.talk(race));
		} catch (Exception thrown) {
			System.out.println(thrown);
		}
		ReferenceCountUtil.release(tls.client);
		ReferenceCountUtil.release(tls.server);
	}
}
